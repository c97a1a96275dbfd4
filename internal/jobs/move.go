package jobs

// How the job tables of the two engines differ, for a move from SQLite to PostgreSQL. Jobs that are still to be worked come
// along, and those that were given up; one that was at work begins again, since whoever worked it is not there any more.
// What is done stays behind.
const (
	// MovedTable is the table of jobs.
	MovedTable = "river_job"
	// MovedFrom reads them from SQLite, in the order of MovedColumns.
	MovedFrom = `SELECT id, CAST(args AS TEXT), attempt, +attempted_at, CAST(attempted_by AS TEXT), +created_at, CAST(errors AS TEXT), +finalized_at,
		kind, max_attempts, CAST(metadata AS TEXT), priority, queue, CASE state WHEN 'running' THEN 'available' ELSE state END, +scheduled_at,
		CAST(tags AS TEXT), unique_key, unique_states FROM river_job WHERE state <> 'completed'`
	// MovedSelect makes of staged rows what PostgreSQL keeps, in the order of MovedInto. PostgreSQL's JSON has no NUL.
	MovedSelect = `SELECT id, CAST(args AS jsonb), CAST(attempt AS smallint), attempted_at,
		CASE WHEN attempted_by IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text(CAST(attempted_by AS jsonb))) END, created_at,
		CASE WHEN errors IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements(CAST(replace(errors, '\u0000', '\ufffd') AS jsonb))) END, finalized_at,
		kind, CAST(max_attempts AS smallint), CAST(metadata AS jsonb), CAST(priority AS smallint), queue, CAST(state AS river_job_state), scheduled_at,
		CAST(ARRAY(SELECT jsonb_array_elements_text(CAST(tags AS jsonb))) AS varchar[]), unique_key, CAST(CAST(unique_states AS integer) AS bit(8)) FROM staged`
)

// MovedColumns are the names and kinds of what MovedFrom answers, MovedInto the columns that they become.
var (
	MovedColumns = [][2]string{
		{"id", "bigint"},
		{"args", "text"},
		{"attempt", "bigint"},
		{"attempted_at", "timestamp with time zone"},
		{"attempted_by", "text"},
		{"created_at", "timestamp with time zone"},
		{"errors", "text"},
		{"finalized_at", "timestamp with time zone"},
		{"kind", "text"},
		{"max_attempts", "bigint"},
		{"metadata", "text"},
		{"priority", "bigint"},
		{"queue", "text"},
		{"state", "text"},
		{"scheduled_at", "timestamp with time zone"},
		{"tags", "text"},
		{"unique_key", "bytea"},
		{"unique_states", "bigint"},
	}
	MovedInto = []string{
		"id", "args", "attempt", "attempted_at", "attempted_by", "created_at", "errors", "finalized_at", "kind", "max_attempts", "metadata", "priority",
		"queue", "state", "scheduled_at", "tags", "unique_key", "unique_states",
	}
)
