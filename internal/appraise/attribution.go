package appraise

import "stet/internal/news"

func attributions(e edited, add func(news.Finding)) {}
