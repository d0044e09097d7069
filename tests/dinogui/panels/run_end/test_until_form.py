from dinogui.panels.run_end.until_form import UntilForm


def test_the_loss_is_named_as_the_run_has_it(qtbot):
    form = UntilForm()
    qtbot.addWidget(form)
    form.show_run("text", has_held_out=True)
    assert form.rows["loss"].tick.text() == "at a held-out &loss of, in nats per symbol"
    assert form.rows["patience"].tick.isEnabled()


def test_more_steps_are_suggested_than_the_run_has_made(qtbot):
    form = UntilForm()
    qtbot.addWidget(form)
    said = []
    form.until_changed.connect(said.append)
    for made, steps in ((0, 35_000), (40_000, 80_000)):
        form.suggest_steps(made)
        assert form.rows["steps"].box.value() == steps
    assert said == []


def test_the_loss_of_a_run_that_tells_kinds_is_per_name(qtbot):
    form = UntilForm()
    qtbot.addWidget(form)
    form.show_run("names", has_held_out=True, tells=True)
    assert form.rows["loss"].tick.text() == "at a held-out &loss of, in nats per name"
    assert form.unit == "nats per name"
