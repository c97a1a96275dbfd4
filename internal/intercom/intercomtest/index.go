package intercomtest

import "slices"

// index keeps a workspace's conversations in the order of searches: last changed first. It is brought up to date only when somebody
// looks, in one pass for all that has changed since.
type index struct {
	sorted  []*Conversation
	changed map[*Conversation]bool
	version int // counts the changes
}

// touched notes a change of a conversation, or a new one.
func (x *index) touched(c *Conversation) {
	if x.changed == nil {
		x.changed = map[*Conversation]bool{}
	}
	x.changed[c] = true
	x.version++
}

// forget takes a conversation out.
func (x *index) forget(c *Conversation) {
	delete(x.changed, c)
	x.sorted = slices.DeleteFunc(x.sorted, func(other *Conversation) bool { return other == c })
	x.version++
}

// all is the whole index in order. The slice is good until the next change.
func (x *index) all() []*Conversation {
	if len(x.changed) == 0 {
		return x.sorted
	}
	fresh := make([]*Conversation, 0, len(x.changed))
	for c := range x.changed {
		fresh = append(fresh, c)
	}
	newestFirst := func(a, b *Conversation) int { return cursorOf(b, 0).compare(cursorOf(a, 0)) }
	slices.SortFunc(fresh, newestFirst)
	merged := make([]*Conversation, 0, len(x.sorted)+len(fresh))
	for _, c := range x.sorted {
		if x.changed[c] {
			continue
		}
		for len(fresh) > 0 && newestFirst(fresh[0], c) < 0 {
			merged, fresh = append(merged, fresh[0]), fresh[1:]
		}
		merged = append(merged, c)
	}
	x.sorted, x.changed = append(merged, fresh...), nil
	return x.sorted
}
