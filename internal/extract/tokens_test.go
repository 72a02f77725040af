package extract

import (
	"slices"
	"strings"
	"testing"
	"unicode"
)

// TestTokensAgree holds tokens to the plain way of finding words.
func TestTokensAgree(t *testing.T) {
	plain := func(text string) (out []uint64) {
		for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.N, unicode.M) }) {
			h, open := uint64(fnvOffset), false
			for _, r := range w {
				alone := unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
				if alone && open {
					out, h, open = append(out, h), fnvOffset, false
				}
				if h, open = (h^uint64(unicode.ToLower(r)))*fnvPrime, true; alone {
					out, h, open = append(out, h), fnvOffset, false
				}
			}
			if open {
				out = append(out, h)
			}
		}
		return out
	}
	for _, text := range []string{"", "a", "The FERRY, no. 12", "Ærø Łódź ÉTÉ", "Москва́ ²½ª", "東京タワーへ行く", "ab東c京", "서울 특별시", "ก่อน ab", "x\xffy\x00z", "가힣힤", "々〆", "🙂a"} {
		if got, want := tokens(text), plain(text); !slices.Equal(got, want) {
			t.Errorf("tokens(%q) = %x, want %x", text, got, want)
		}
	}
}
