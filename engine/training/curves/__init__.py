"""The loss curves of a run: any number of points in a bounded amount of memory.

`curve.Curve` keeps one curve as buckets of consecutive points, `curve_end.CurveEnd` is the growing
end of it that each frame of the plot draws. `quantile_curve.QuantileCurve` keeps how the losses of
single steps are distributed, `run_clock.RunClock` what the run had used up at its steps, and
`run_curves.Curves` holds all of this for one run.

Begin reading with `curve`. May be imported by everything above `training`. Imports NumPy,
`storage`, `evaluation.units`, and the messages and the record of the training.
"""
