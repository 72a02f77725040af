package appraise

// lead finds a first paragraph that was rewritten.
func (f *findings) lead(p *page) {}
