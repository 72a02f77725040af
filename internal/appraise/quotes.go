package appraise

import "stet/internal/news"

func quotations(e edited, add func(news.Finding)) {}
