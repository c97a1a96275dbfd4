// Package intercomtest is a sandbox Intercom: one in-memory server that plays Intercom's REST API, OAuth, webhooks and Canvas Kit
// calls, for tests and for `rerate demo`. It is no part of `rerate serve`.
//
// A Server is an http.Handler and a set of Go methods. The methods are what people do in Intercom (CustomerReply, Close, SendComposer);
// each changes the state, queues the webhooks that Intercom would send, and returns what happened. Webhooks wait in a queue until
// Deliver sends them (tests) or Run does (demo). Time, ids and tokens come from Options, so two runs are alike to the byte.
//
// The sandbox signs and encodes by its own code, never by the code under test, so that a mistake there cannot hide here. Facts about
// Intercom are those of its public documents; where these are silent a field of Quirks says which way the sandbox goes.
package intercomtest
