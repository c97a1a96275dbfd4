// Package metrics counts what Rerate does and shows it to Prometheus. It knows nothing of workspaces or people: no figure says
// whose it is, and every label has few values.
package metrics

import (
	"context"
	"database/sql"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics counts in memory. Its methods wait for nothing and may be called from anywhere.
type Metrics struct {
	registry *prometheus.Registry
	patience time.Duration // for what is looked at when somebody asks

	requests       *prometheus.CounterVec
	requestSeconds *prometheus.HistogramVec
	asked          *prometheus.CounterVec
	repeated       *prometheus.CounterVec
	called         *prometheus.CounterVec
	callSeconds    prometheus.Histogram
	ratings        prometheus.Counter
	commitSeconds  prometheus.Histogram
	commitRatings  prometheus.Histogram
}

// Where the bars of the histograms end, in seconds: an answer, a call over the internet, a commit.
var (
	answerBounds = []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 5}
	callBounds   = []float64{.05, .1, .25, .5, 1, 2.5, 5, 10}
	commitBounds = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 5}
	sharedBounds = []float64{1, 2, 4, 8, 16, 32, 64}
)

// New makes counters of their own, so that two Rerates in one process do not share any.
func New(version string) *Metrics {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m := &Metrics{
		registry: registry, patience: 2 * time.Second,
		requests:       counters("rerate_http_requests_total", "Requests that were answered.", "method", "route", "status"),
		requestSeconds: prometheus.NewHistogramVec(histogram("rerate_http_request_seconds", "How long answers took.", answerBounds), []string{"method", "route"}),
		asked:          counters("rerate_intercom_asked_total", "Signed calls of Intercom's, by how they ended.", "route", "outcome"),
		repeated:       counters("rerate_intercom_repeated_total", "Signed calls of Intercom's that had come before and changed nothing.", "route"),
		called:         counters("rerate_intercom_calls_total", "Calls to Intercom, by how they ended.", "outcome"),
		callSeconds:    prometheus.NewHistogram(histogram("rerate_intercom_call_seconds", "How long calls to Intercom took.", callBounds)),
		ratings:        prometheus.NewCounter(prometheus.CounterOpts{Name: "rerate_ratings_stored_total", Help: "Ratings that were stored, but for files of old ones."}),
		commitSeconds:  prometheus.NewHistogram(histogram("rerate_rating_commit_seconds", "How long a transaction with ratings took until it was durable.", commitBounds)),
		commitRatings:  prometheus.NewHistogram(histogram("rerate_rating_commit_ratings", "How many ratings shared a transaction.", sharedBounds)),
	}
	about := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "rerate_info", Help: "Which Rerate this is.", ConstLabels: prometheus.Labels{"version": version},
	})
	about.Set(1)
	registry.MustRegister(about, m.requests, m.requestSeconds, m.asked, m.repeated, m.called, m.callSeconds, m.ratings, m.commitSeconds, m.commitRatings)
	return m
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func histogram(name, help string, bounds []float64) prometheus.HistogramOpts {
	return prometheus.HistogramOpts{Name: name, Help: help, Buckets: bounds}
}

// Request counts an answer. The route is one of ours, or empty; the method may be any word that a stranger sent.
func (m *Metrics) Request(method, route string, status int, took time.Duration) {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
	default:
		method = "other"
	}
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.requestSeconds.WithLabelValues(method, route).Observe(took.Seconds())
}

// Asked counts a signed call of Intercom's, and whether it had come before.
func (m *Metrics) Asked(route, outcome string, repeated bool) {
	m.asked.WithLabelValues(route, outcome).Inc()
	if repeated {
		m.repeated.WithLabelValues(route).Inc()
	}
}

// Called counts a call to Intercom.
func (m *Metrics) Called(outcome string, took time.Duration) {
	m.called.WithLabelValues(outcome).Inc()
	m.callSeconds.Observe(took.Seconds())
}

// Committed counts a transaction that has made some ratings durable.
func (m *Metrics) Committed(ratings int, took time.Duration) {
	m.ratings.Add(float64(ratings))
	m.commitSeconds.Observe(took.Seconds())
	m.commitRatings.Observe(float64(ratings))
}

// Count shows a number that somebody else counts; it must answer at once.
func (m *Metrics) Count(name, help string, count func() int) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return float64(count()) }))
}

// Gauge shows a number as it is at the moment; it must be answered at once.
func (m *Metrics) Gauge(name, help string, value func() int) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return float64(value()) }))
}

// Pool shows the connections of a pool.
func (m *Metrics) Pool(db *sql.DB, name string) {
	m.registry.MustRegister(collectors.NewDBStatsCollector(db, name))
}

// Handler answers those who ask for the metrics, and nothing else.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 4, Timeout: 2 * m.patience, Registry: m.registry,
	}))
	return mux
}

// Look shows what the store holds as it is when somebody asks. Where it cannot be read in time the other metrics are shown alone,
// with rerate_store_readable 0.
func (m *Metrics) Look(look func(context.Context) (Store, error)) {
	m.registry.MustRegister(looker{look, m.patience})
}

// Store is what is waiting in the store, and how large it is.
type Store struct {
	Jobs         []Jobs
	Outbox       int
	OutboxOldest time.Duration // how long the oldest job in the outbox is late
	Files        map[string]int64
}

// Jobs are those of one queue in one state.
type Jobs struct {
	Queue, State string
	N            int
	Oldest       time.Duration // how long the oldest waits for a worker; of those that are due
}

type looker struct {
	look     func(context.Context) (Store, error)
	patience time.Duration
}

var (
	readable     = prometheus.NewDesc("rerate_store_readable", "Whether the database could be read just now.", nil, nil)
	queueJobs    = prometheus.NewDesc("rerate_queue_jobs", "Jobs in the queue; discarded ones were given up.", []string{"queue", "state"}, nil)
	queueOldest  = prometheus.NewDesc("rerate_queue_oldest_seconds", "How long the oldest job that is due waits for a worker.", []string{"queue"}, nil)
	outboxJobs   = prometheus.NewDesc("rerate_outbox_jobs", "Jobs that are still to be put into the queue.", nil, nil)
	outboxOldest = prometheus.NewDesc("rerate_outbox_oldest_seconds", "How late the oldest job of the outbox is.", nil, nil)
	fileBytes    = prometheus.NewDesc("rerate_sqlite_bytes", "Size of SQLite's files.", []string{"file"}, nil)
)

// Describe names what is shown.
func (looker) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{readable, queueJobs, queueOldest, outboxJobs, outboxOldest, fileBytes} {
		to <- d
	}
}

// Collect looks.
func (l looker) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), l.patience)
	defer cancel()
	show := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	found, err := l.look(ctx)
	for file, size := range found.Files {
		show(fileBytes, float64(size), file)
	}
	if err != nil {
		show(readable, 0)
		return
	}
	show(readable, 1)
	show(outboxJobs, float64(found.Outbox))
	show(outboxOldest, found.OutboxOldest.Seconds())
	for _, j := range found.Jobs {
		show(queueJobs, float64(j.N), j.Queue, j.State)
		if j.State == "available" {
			show(queueOldest, j.Oldest.Seconds(), j.Queue)
		}
	}
}
