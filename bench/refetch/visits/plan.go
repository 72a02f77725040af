package visits

import (
	"hash/fnv"

	"stet/bench/refetch/noise"
)

// Plan draws so many edits for each article, spread over its visits, one kind
// after the other over all articles. The first is made before the second
// refetch at the earliest, the last early enough to be found by the visit
// after. A kind that a page has no place for is left out there.
func Plan(hosts []*Host, edits, visits int, seed uint64) {
	kinds := noise.EditKinds()
	n := 0
	for _, h := range hosts {
		for _, a := range h.Articles {
			var made []noise.Edit
			for i := range edits {
				slot := 2 + i*(visits-3)/edits + int((drawn(a.Name)^seed)>>8%2)
				if slot >= visits-1 {
					break
				}
				if e, ok := a.Page.Plan(kinds[n%len(kinds)], made, seed+uint64(i)); ok {
					made = append(made, e)
					a.Edits = append(a.Edits, Timed{Edit: e, Slot: slot})
				}
				n++
			}
		}
	}
}

// drawn is a number that depends on a name only.
func drawn(name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return h.Sum64()
}
