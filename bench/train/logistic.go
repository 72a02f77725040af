package main

import (
	"math"

	"stet/internal/extract"
)

// Limits of the fit.
const (
	rounds = 10   // of Newton's method
	near   = 1e-3 // largest step that ends it
	ridge  = 0.3  // weight of the squared weights, which keeps them small
)

// fit gives the weights of logistic regression that make the rows most likely,
// by Newton's method.
func fit(rows []extract.Row) []float64 {
	w := make([]float64, len(rows[0].Features))
	for range rounds {
		curve, slope := derive(rows, w)
		most := 0.0
		for j, step := range solve(curve, slope) {
			w[j] += step
			most = max(most, math.Abs(step))
		}
		if most < near {
			break
		}
	}
	return w
}

// derive gives the second and first derivatives of the likelihood at w.
func derive(rows []extract.Row, w []float64) (curve [][]float64, slope []float64) {
	n := len(w)
	curve, slope = make([][]float64, n), make([]float64, n)
	for j := range n {
		curve[j] = make([]float64, n)
		curve[j][j], slope[j] = ridge, -ridge*w[j]
	}
	set := make([]int, 0, n) // most features are zero
	for _, r := range rows {
		z := 0.0
		set = set[:0]
		for j, x := range r.Features {
			if x != 0 {
				z += x * w[j]
				set = append(set, j)
			}
		}
		p := 1 / (1 + math.Exp(-z))
		bend, miss := max(p*(1-p), 1e-6)*r.Weight, -p*r.Weight
		if r.Body {
			miss += r.Weight
		}
		for a, j := range set {
			slope[j] += miss * r.Features[j]
			for _, k := range set[:a+1] {
				curve[j][k] += bend * r.Features[j] * r.Features[k]
			}
		}
	}
	for j := range n {
		for k := range j {
			curve[k][j] = curve[j][k]
		}
	}
	return curve, slope
}

// solve gives x with a x = b, by Gauss's elimination; a and b are used up. The
// ridge keeps a from being singular.
func solve(a [][]float64, b []float64) []float64 {
	n := len(b)
	for i := range n {
		best := i
		for r := i + 1; r < n; r++ {
			if math.Abs(a[r][i]) > math.Abs(a[best][i]) {
				best = r
			}
		}
		a[i], a[best], b[i], b[best] = a[best], a[i], b[best], b[i]
		for r := i + 1; r < n; r++ {
			f := a[r][i] / a[i][i]
			for c := i; c < n; c++ {
				a[r][c] -= f * a[i][c]
			}
			b[r] -= f * b[i]
		}
	}
	x := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		x[i] = b[i]
		for c := i + 1; c < n; c++ {
			x[i] -= a[i][c] * x[c]
		}
		x[i] /= a[i][i]
	}
	return x
}
