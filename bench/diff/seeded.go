package main

import "io"

type classed struct{}

func articles(v []article) []article { return v }
func compareSeeded(tools []*tool, all []article, n int, seed uint64) ([]classed, error) {
	return nil, nil
}
func printSeeded(w io.Writer, r report, n int) {}
