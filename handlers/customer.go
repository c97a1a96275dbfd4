package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"rerate/models"
	"rerate/views"
	"rerate/views/ui"
)

// customer is what Intercom knows of who gave a rating, as far as Rerate has read it.
func (s *site) customer(ctx context.Context, w models.Workspace, contact models.Contact, id string) (views.Customer, error) {
	props := views.Customer{
		ID: id, Name: contact.Name, Email: contact.Email, Role: contact.Role, Locale: contact.Locale, Location: contact.Location,
		Unsubscribed: contact.Unsubscribed, SignedUpAt: timeOf(contact.SignedUpAt), SeenAt: timeOf(contact.LastSeenAt), ReadAt: timeOf(contact.ProfileAt),
		Nothing: whyUnknown(contact, id), Attributes: attributes(contact.Attributes),
	}
	if id == "" {
		return props, nil
	}
	props.RatingsHref = views.Filter{Days: "365", Contact: id}.URL("/ratings")
	if !strings.HasPrefix(id, models.ExamplePrefix) && contact.There() {
		props.IntercomURL = s.ContactURL(w, id)
	}
	tenant := s.Store.Tenant(w.ID)
	companies, err := tenant.CompaniesOf(ctx, id)
	if err != nil {
		return props, err
	}
	for _, c := range companies[id] {
		props.Companies = append(props.Companies, views.CustomerCompany{
			Name: nameOf(c.Name, c.ID), Plan: c.Plan, Size: c.Size, Href: views.Filter{Days: "365"}.URL(views.CompanyPath(c.ID)),
		})
	}
	events, err := tenant.EventsOf(ctx, id)
	if err != nil {
		return props, err
	}
	for _, e := range events[id] {
		props.Events = append(props.Events, views.CustomerEvent{Name: shortened(e.Name, mostOfName), Count: e.Count, LastAt: timeOf(e.LastAt)})
	}
	segments, err := tenant.SegmentsOf(ctx, id)
	for _, in := range segments {
		props.Segments = append(props.Segments, ui.Choice{Value: in.ID, Label: in.Name})
	}
	return props, err
}

// whyUnknown says why there is nothing to show of a contact; "" where there is something.
func whyUnknown(c models.Contact, id string) views.WhyUnknown {
	switch {
	case id == "":
		return views.NobodyNamed
	case c.ErasedAt != nil:
		return views.Erased
	case c.MergedInto != "" || c.GoneAt != nil:
		return views.Gone
	case c.ProfileAt == nil:
		return views.NotToldYet
	}
	return ""
}

func timeOf(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return *at
}

// What is shown of attributes: names and values are cut, and all together have so many bytes on the page.
const (
	mostOfName       = 80
	mostOfValue      = 200
	mostOfAttributes = 20_000
)

// attributes are custom attributes as a page shows them: the plan first, the others by name.
func attributes(all map[string]any) (shown views.Attributes) {
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	place := func(name string) string {
		if isPlan(name) {
			return ""
		}
		return strings.ToLower(name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b)) })
	room := mostOfAttributes
	for i, name := range names {
		one := attribute(name, all[name])
		if room -= len(html.EscapeString(one.Name)) + len(html.EscapeString(one.Value)); room < 0 {
			shown.More = len(names) - i
			break
		}
		shown.Shown = append(shown.Shown, one)
	}
	return shown
}

func isPlan(name string) bool { return strings.EqualFold(name, "plan") }

// attribute is one of them in words.
func attribute(name string, value any) views.Attribute {
	one := views.Attribute{Name: shortened(strings.ReplaceAll(name, "_", " "), mostOfName)}
	switch v := value.(type) {
	case nil:
	case string:
		one.Value = shortened(strings.Join(strings.Fields(v), " "), mostOfValue)
	case bool:
		one.Value = map[bool]string{true: "yes", false: "no"}[v]
	case float64:
		if one.At = dateOf(name, v); one.At.IsZero() {
			one.Value = figureWords(v)
		}
	default:
		text, err := json.Marshal(v)
		if err != nil {
			text = fmt.Append(nil, v)
		}
		one.Value = shortened(string(text), mostOfValue)
	}
	return one
}

// dateOf is the time that a number stands for: Intercom has dates in seconds since 1970, in attributes whose name ends in
// "_at".
func dateOf(name string, v float64) time.Time {
	const earliest, latest = 100_000_000, 4_102_444_800 // 1973 to 2100
	name = strings.ToLower(name)
	if (strings.HasSuffix(name, "_at") || strings.HasSuffix(name, " at")) && v >= earliest && v < latest {
		return time.Unix(int64(v), 0).UTC()
	}
	return time.Time{}
}

// figureWords writes a number as people do; what is not whole with all its places.
func figureWords(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
