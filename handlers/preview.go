package handlers

import "rerate/internal/intercom/canvas"

// textsOf is what a reader sees of a card, from top to bottom. It knows the components that cards of ours have.
func textsOf(content canvas.Content) []string {
	var texts []string
	for _, component := range content.Components {
		switch part := component.(type) {
		case canvas.Text:
			texts = append(texts, part.Text)
		case canvas.SingleSelect:
			if part.Label != "" {
				texts = append(texts, part.Label)
			}
			for _, option := range part.Options {
				texts = append(texts, option.Text)
			}
		case canvas.TextArea:
			texts = append(texts, part.Label)
		case canvas.Button:
			texts = append(texts, part.Label)
		}
	}
	return texts
}
