// Alt with 1, 2 or 3 presses the first, second or third answer; where the reason is still empty, the browser says so.
const form = document.querySelector("form[data-review]");
const answers = form ? [...form.querySelectorAll("button[name=opinion]")] : [];

document.addEventListener("keydown", (event) => {
  const answer = event.altKey && !event.ctrlKey ? answers[Number(event.key) - 1] : undefined;
  if (answer) {
    event.preventDefault();
    answer.click();
  }
});
form?.querySelector("#reason")?.focus();
