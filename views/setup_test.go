package views

import "testing"

func exampleSetUp() []SetUpStep {
	return []SetUpStep{
		{Key: "connected", At: now}, {Key: "webhook", At: now}, {Key: "health"}, {Key: "card"}, {Key: "wording", At: now}, {Key: "rules"}, {Key: "rerated"},
	}
}

func TestEveryStepOfTheSetUpHasWords(t *testing.T) {
	steps := exampleSetUp()
	if len(steps) != len(setUpWords) {
		t.Errorf("%d steps, %d have words", len(steps), len(setUpWords))
	}
	for _, s := range steps {
		if w := setUpWords[s.Key]; w.title == "" || w.done == "" || w.fix == "" || w.href == "" || w.label == "" {
			t.Errorf("%s does not say what to do", s.Key)
		}
	}
	if next := nextStep(steps); next.Key != "health" || setUpProgress(steps) != "3 of 7 done" {
		t.Errorf("next is %q, %s", next.Key, setUpProgress(steps))
	}
}
