package appraise

// TrivialBelow is the line under which a change is trivial, in points.
const TrivialBelow = 10

// Weights are the points of each reason, by name. Missing names have the
// default.
type Weights map[string]float64
