package main

import (
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"rerate/internal/survey"
	"rerate/models"
)

const importUsage = "usage: rerate import --workspace ID [--dry-run] [--scale N] [--column FIELD=NAME]… [--bad-rows OUT.csv] FILE.csv"

// importFile adds a file of old ratings beside a running server.
func (p program) importFile(ctx context.Context, args []string) error {
	command, badRows, err := p.importCommand(args)
	if err != nil {
		return err
	}
	began := time.Now()
	store, err := p.openConfigured(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	if _, err := store.Tenant(command.Workspace).Get(ctx); errors.Is(err, models.ErrNotFound) {
		return fmt.Errorf("--workspace %q has not installed Rerate; sign in with Intercom first", command.Workspace)
	} else if err != nil {
		return err
	}
	service := survey.New(survey.Config{Store: store, Now: p.now, Log: slog.New(slog.DiscardHandler)})
	check, done, err := service.ImportByCommand(ctx, command)
	if check.Rows > 0 {
		p.tellCheck(check)
	}
	if badRows != "" && check.Rows > 0 {
		if err := writeBadRows(badRows, check.Problems); err != nil {
			return err
		}
	}
	if err != nil {
		return importFailed(err)
	}
	if command.DryRun {
		fmt.Fprintln(p.stdout, "This was a dry run: nothing is stored.")
	} else {
		fmt.Fprintf(p.stdout, "added           %8d ratings; take them back under Settings, Import, if need be\n", done.Staged)
	}
	fmt.Fprintf(p.stdout, "took            %8.1f s, at most %d MB of memory\n", time.Since(began).Seconds(), peakMemory()>>20)
	return nil
}

// importFailed says an error in the words of its sentence.
func importFailed(err error) error {
	var told survey.Error
	if errors.As(err, &told) {
		return errors.New(told.Sentence)
	}
	return err
}

func (p program) importCommand(args []string) (command survey.ImportCommand, badRows string, err error) {
	set := p.flags("import")
	set.Usage = func() {
		fmt.Fprintln(p.stderr, importUsage)
		set.PrintDefaults()
	}
	command.Columns = map[string]string{}
	set.StringVar(&command.Workspace, "workspace", "", "Intercom's id of the workspace, such as a86dr8yl")
	set.BoolVar(&command.DryRun, "dry-run", false, "only say what the file would do")
	set.IntVar(&command.Scale, "scale", 0, "how many options the ratings had to choose from; as many as the wording in use has, usually 5")
	set.StringVar(&badRows, "bad-rows", "", "write every bad row to this CSV file")
	set.Func("column", "FIELD=NAME: the field stands in the column of this name; fields are "+fieldNames(), func(value string) error {
		field, name, ok := strings.Cut(value, "=")
		if !ok || !strings.Contains(" "+fieldNames()+" ", " "+field+" ") {
			return errors.New("it must be FIELD=NAME, such as score=Rating; the fields are " + fieldNames())
		}
		command.Columns[field] = name
		return nil
	})
	if err := set.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return command, "", err
		}
		return command, "", errUsage
	}
	if set.NArg() != 1 || command.Workspace == "" {
		fmt.Fprintln(p.stderr, importUsage)
		return command, "", errUsage
	}
	path := set.Arg(0)
	command.Name = filepath.Base(path)
	info, err := os.Stat(path)
	if err != nil {
		return command, "", err
	}
	if info.Size() > survey.MaxImportBytes {
		return command, "", fmt.Errorf("%s is larger than %d MB; split it into several files, each with the header line", path, survey.MaxImportBytes>>20)
	}
	command.Raw, err = os.ReadFile(path)
	command.Tell = p.progress()
	return command, badRows, err
}

func fieldNames() string {
	var names []string
	for _, f := range survey.ImportFields {
		names = append(names, f.Key)
	}
	return strings.Join(names, " ")
}

// progress tells on standard error how far an import has come, at every tenth.
func (p program) progress() func(models.Import) {
	told := -1
	return func(i models.Import) {
		if tenth := (i.Staged + i.Known + i.Prepared) * 5 / max(1, i.Total); tenth > told {
			told = tenth
			fmt.Fprintf(p.stderr, "%3d %% %s\n", min(100, tenth*10), i.FileName)
		}
	}
}

// listedRows is how many bad rows are printed.
const listedRows = 20

func (p program) tellCheck(c survey.ImportCheck) {
	fmt.Fprintf(p.stdout, "read as         %s, cells separated by %s%s\n", c.Encoding, c.Separator, guessed(c))
	for _, f := range survey.ImportFields {
		if n, ok := c.Options.Columns[f.Key]; ok && n < len(c.Header) {
			fmt.Fprintf(p.stdout, "%-15s from the column %q\n", f.Key, c.Header[n])
		}
	}
	fmt.Fprintf(p.stdout, "rows            %8d\n", c.Rows)
	fmt.Fprintf(p.stdout, "ratings         %8d on a scale of %d\n", c.Good, c.Options.Scale)
	if c.Good > 0 {
		fmt.Fprintf(p.stdout, "from            %s to %s\n", c.From.Format(time.RFC3339), c.To.Format(time.RFC3339))
	}
	fmt.Fprintf(p.stdout, "known already   %8d\n", c.Known)
	fmt.Fprintf(p.stdout, "twins           %8d rows that say the same as an earlier one; they count once\n", c.Twins)
	fmt.Fprintf(p.stdout, "bad rows        %8d left out\n", len(c.Problems))
	for _, problem := range c.Problems[:min(len(c.Problems), listedRows)] {
		where := fmt.Sprintf("line %d", problem.Line)
		if problem.Column != "" {
			where += fmt.Sprintf(", column %q", problem.Column)
		}
		fmt.Fprintf(p.stdout, "  %s: %s\n", where, problem.Text)
	}
	if more := len(c.Problems) - listedRows; more > 0 {
		fmt.Fprintf(p.stdout, "  and %d more; --bad-rows OUT.csv writes all of them\n", more)
	}
}

func guessed(c survey.ImportCheck) string {
	text := ""
	if c.EncodingGuessed {
		text = "; the encoding is a guess"
	}
	if c.Replaced > 0 {
		text += fmt.Sprintf("; %d bytes were no characters and were replaced by \uFFFD", c.Replaced)
	}
	return text
}

func writeBadRows(path string, problems []models.ImportProblem) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	out := csv.NewWriter(file)
	rows := [][]string{{"line", "column", "problem"}}
	for _, p := range problems {
		rows = append(rows, []string{strconv.Itoa(p.Line), p.Column, p.Text})
	}
	return errors.Join(out.WriteAll(rows), file.Close())
}

// peakMemory is the most memory that the process has had, in bytes.
func peakMemory() int64 {
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) != nil {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return usage.Maxrss
	}
	return usage.Maxrss << 10
}
