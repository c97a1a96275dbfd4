package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// table is what was measured, each figure the median of the rounds, with its ratio to the first server's.
func table(p plan, all []*measured) string {
	if len(all) == 0 {
		return "nothing was measured\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n%d connections, %d rounds of %v; latencies at %d taps a second\n\n", p.connections, p.rounds, p.seconds, p.rate)
	b.WriteString("| | taps/s | of the first | CPU for 1,000 | × | written for one | p50 | p99 | × | p99, a page reloading | idle | at most | start | size |\n")
	b.WriteString("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	first := all[0]
	for _, m := range all {
		fmt.Fprintf(&b, "| %s | %s | %.2f | %.0f ms | %.1f | %s | %s | %s | %.1f | %s | %s | %s | %s | %s |\n", m.name,
			grouped(int(median(m.perSecond))), median(m.perSecond)/median(first.perSecond),
			float64(median(m.cpu).Milliseconds()), float64(median(m.cpu))/float64(median(first.cpu)), kilobytes(median(m.written)),
			ms(median(m.p50)), ms(median(m.p99)), float64(median(m.p99))/float64(median(first.p99)), ms(median(m.reloading)),
			megabytes(m.idle.memory), megabytes(m.server.used().peak), ms(m.server.started), megabytes(m.server.size))
	}
	return b.String()
}

// What was not measured is a dash.

func ms(d time.Duration) string {
	if d == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}

func kilobytes(bytes int) string {
	if bytes == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f KB", float64(bytes)/1000)
}

func megabytes(bytes int) string {
	if bytes == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f MB", float64(bytes)/1e6)
}

// grouped writes a number as 1,000,000.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
