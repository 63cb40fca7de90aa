"""What a form was before each change, so that a change can be undone until the lock."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from screener.reads import ReadForm


@dataclass(frozen=True, slots=True)
class FormHistory:
    """A form with what it was and what was undone.

    Attributes
    ----------
    form
        As it is now.
    before, after
        Earlier forms, the last one the latest; undone ones, the last one the next to come back.
    typing
        The field that is being typed into: its keystrokes are one change.
    """

    form: ReadForm
    before: tuple[ReadForm, ...] = field(default=())
    after: tuple[ReadForm, ...] = field(default=())
    typing: str = ""

    def changed(self, form: ReadForm, typing: str = "") -> FormHistory:
        """Return the history after a change.

        Examples
        --------
        >>> history = FormHistory(ReadForm()).changed(ReadForm(verdict="yes"))
        >>> history.undone().form == ReadForm(), history.undone().redone().form.verdict
        (True, 'yes')
        """
        if form == self.form:
            return self
        is_same = bool(typing) and typing == self.typing
        before = self.before if is_same else (*self.before, self.form)
        return FormHistory(form, before, (), typing)

    def undone(self) -> FormHistory:
        """Return the history before its last change; itself where there is none."""
        if not self.before:
            return replace(self, typing="")
        return FormHistory(self.before[-1], self.before[:-1], (*self.after, self.form))

    def redone(self) -> FormHistory:
        """Return the history with its last undone change made again."""
        if not self.after:
            return replace(self, typing="")
        return FormHistory(self.after[-1], (*self.before, self.form), self.after[:-1])

    def settled(self) -> FormHistory:
        """Return the history after a field was left: typing there again is a new change."""
        return replace(self, typing="")
