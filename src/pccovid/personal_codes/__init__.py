"""Codes that we sign ourselves: the safe personal code, the code on a place's poster, and the keys behind both.

Who reads which, and so which signature it carries:

* A personal code is read by our own hot lane, thousands of times a second, and by a checkpoint's device without a
  connection. The lane shares a key with who issues, so an HMAC is enough, costs next to nothing and covers every byte.
  A device must be able to check and unable to make: it reads an Ed25519 signature under a public key.
* A poster is read by everybody and checked once a page: Ed25519, so that nobody who can read one can make one.

The lane holds no key that opens a code: it knows that a code is ours, not whose.
"""
