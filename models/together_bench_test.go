package models_test

import (
	"fmt"
	"sync"
	"testing"

	"rerate/models"
	"rerate/models/modelstest"
)

// BenchmarkTogether is what the database's side of a customer's answer costs where 64 customers answer at a time, each in
// another conversation.
func BenchmarkTogether(b *testing.B) {
	for _, dialect := range []models.Dialect{models.SQLite, models.Postgres} {
		b.Run(string(dialect), func(b *testing.B) {
			db := modelstest.Open(b, dialect)
			tenant := install(b, db, "w")
			write(b, tenant, func(tx *models.Tx) error { return asked(tx, 3*b.N) })
			b.ReportAllocs()
			b.ResetTimer()
			var wait sync.WaitGroup
			for i := range 64 {
				wait.Go(func() {
					for n := i; n < b.N; n += 64 {
						p := tap{"w", fmt.Sprint(3*n + 1), "c1", 1 + n%5, 9}
						if err := tenant.Together(b.Context(), models.Act{Conversation: p.conversation, Contact: p.contact}, p.act); err != nil {
							b.Error(err)
						}
					}
				})
			}
			wait.Wait()
		})
	}
}
