package feed

import (
	"net/url"
	"slices"
	"strings"
)

// HubAndTopic gives the WebSub hub by which a document's publisher announces updates,
// and the topic to name there: each from the Link headers of the response,
// else from the document (W3C WebSub, 3). Of several hubs it is the first. Both
// are empty unless both are named, since a subscription needs both.
func (d Document) HubAndTopic(linkHeaders []string, base *url.URL) (hub, topic string) {
	var links []linkElement
	for _, h := range linkHeaders {
		links = append(links, linkHeader(h)...)
	}
	hub = firstOf(relation(links, "hub", base), d.Hub)
	topic = firstOf(relation(links, "self", base), d.Self)
	if hub == "" || topic == "" {
		return "", ""
	}
	return hub, topic
}

// relation is the address of the first link that has the relation.
func relation(links []linkElement, rel string, base *url.URL) string {
	for _, l := range links {
		if !slices.Contains(strings.Fields(l.rel), rel) {
			continue
		}
		if u := webURL(base, l.href); u != "" {
			return u
		}
	}
	return ""
}
