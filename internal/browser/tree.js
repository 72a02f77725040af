// Writes the document down as HTML. What a reader sees of a shadow tree stands
// in place of its host's children; a slot is what is put in it. The copy lives
// in a document without a window, where nothing of it runs.
((most) => {
  const copy = document.implementation.createHTMLDocument("");
  const root = copy.importNode(document.documentElement, false);
  const left = [[document.documentElement, root]];
  const childrenOf = (node) => {
    if (node.shadowRoot) return node.shadowRoot.childNodes;
    if (node.localName === "slot" && node.getRootNode() instanceof ShadowRoot) {
      const put = node.assignedNodes();
      if (put.length > 0) return put;
    }
    return node.localName === "template" ? [] : node.childNodes;
  };
  while (left.length > 0) {
    const [from, to] = left.pop();
    for (const child of childrenOf(from)) {
      if (child.nodeType === Node.ELEMENT_NODE) {
        if (child.localName === "noscript") continue;
        const twin = copy.importNode(child, child.localName === "template");
        to.appendChild(twin);
        left.push([child, twin]);
      } else if (child.nodeType === Node.TEXT_NODE || child.nodeType === Node.COMMENT_NODE) {
        to.appendChild(copy.importNode(child, false));
      }
    }
  }
  const doctype = document.doctype ? new XMLSerializer().serializeToString(document.doctype) : "";
  const html = doctype + root.outerHTML;
  return html.length > most ? "x".repeat(most + 1) : html;
})
