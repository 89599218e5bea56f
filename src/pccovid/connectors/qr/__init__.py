"""qr.tokhaiyte.vn: registered places and the visits scanned there."""
