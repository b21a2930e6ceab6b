"""Connect a studio: the address of its document, or the file it sent."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from perfstudio.language.catalogue import _
from perfstudio.ui.theme import Role
from perfstudio.ui.widgets import Button, ButtonKind, Card, FlowLayout, IconButton, PlainLabel


class ConnectForm(Card):
    """Hidden until asked for. `connect_to` gets an address; the others open the system's file choice.

    The certificate is asked for only where a receiver shows one that nobody known here vouches for; whether a key is
    the studio's, only where it is another one than before.
    """

    def __init__(
        self,
        *,
        connect_to: Callable[[str], object],
        choose_file: Callable[[], object],
        choose_certificate: Callable[[], object],
        accept_key: Callable[[], object],
    ) -> None:
        super().__init__(_("Connect a studio"), padding=16, spacing=10)
        self._connect_to = connect_to
        row = QHBoxLayout()
        row.setSpacing(8)
        self.address = QLineEdit()
        self.address.setPlaceholderText("https://studio.example/studio.json")
        self.address.setAccessibleName(_("Address of the studio's document, or an invitation"))
        self.address.setMaxLength(2000)
        self.address.returnPressed.connect(self._go)
        row.addWidget(self.address, 1)
        self.go_button = Button(_("Connect"), ButtonKind.PRIMARY, on_click=self._go)
        ways = QWidget()
        flow = FlowLayout(ways, spacing=8)
        flow.addWidget(self.go_button)
        flow.addWidget(Button(_("Choose its file"), icon="folder", on_click=choose_file))
        row.addWidget(IconButton("close", _("Close this form"), on_click=self.hide))
        words = _("The link, invitation or file the studio sent you. It says where takes go; connecting sends nothing.")
        self.body.addWidget(PlainLabel(words, Role.SMALL, "text2", wrap=True))
        self.body.addLayout(row)
        self.body.addWidget(ways)
        self.problem = PlainLabel("", Role.BODY, "look", wrap=True, selectable=True)
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.certificate = Button(_("Choose its certificate"), icon="lock", on_click=choose_certificate)
        self.certificate.hide()
        self.body.addWidget(self.certificate, alignment=Qt.AlignmentFlag.AlignLeft)
        self.accept = Button(_("The studio has confirmed it: connect"), icon="lock", on_click=accept_key)
        self.accept.hide()
        self.body.addWidget(self.accept, alignment=Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def ask(self) -> None:
        """Unfold and give the field the focus."""
        self.show()
        self.address.setFocus(Qt.FocusReason.OtherFocusReason)

    def say_problem(self, sentence: str, *, certificate: bool = False, key: bool = False) -> None:
        """Why it was not connected; what was typed stays. `certificate`: the studio's own would help. `key`: it is for
        the performer to decide whether this key is the studio's."""
        self.go_button.setEnabled(True)
        self.certificate.setVisible(certificate)
        self.accept.setVisible(key)
        self.problem.say(sentence)
        self.problem.setVisible(bool(sentence))

    def done(self) -> None:
        """Fold and empty the fields after a connection."""
        self.say_problem("")
        self.address.clear()
        self.hide()

    def _go(self) -> None:
        address = self.address.text().strip()
        if address and self.go_button.isEnabled():
            self.say_problem("")
            self.go_button.setEnabled(False)
            self._connect_to(address)
