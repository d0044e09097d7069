"""Quiet fields: the placeholder names them, and their ground says when something is wrong."""

from dinogui.widgets.cards.quiet_field import QuietField


def test_its_placeholder_is_never_cut_off(qtbot):
    field = QuietField("begins with", "Begins with", "What every name starts with")
    qtbot.addWidget(field)
    assert field.minimumSizeHint().width() > field.fontMetrics().horizontalAdvance("begins with")
    assert field.accessibleName() == "Begins with"


def test_its_ground_is_faint_and_that_of_a_warning_when_it_is_refused(window, qtbot):
    field, colours = window.names.form.prefix, window._theme.colours

    def ground():
        return field.grab().toImage().pixelColor(field.width() // 2, 4).name()

    corner = field.grab().toImage().pixelColor(0, 0).name()
    assert ground() == colours.window
    assert corner != ground(), "the corners are round"
    field.setText("ß")
    qtbot.waitUntil(lambda: bool(window.names.form.error_of("prefix")))
    assert ground() == colours.warning
