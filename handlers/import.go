package handlers

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"rerate/internal/survey"
	"rerate/models"
	"rerate/views"
)

// shownFiles is how many files the page lists, shownProblems how many bad rows; a file has all of these.
const (
	shownFiles    = 30
	shownProblems = 50
)

func (s *site) imports(c echo.Context) error { return s.showImports(c, http.StatusOK, "") }

func (s *site) showImports(c echo.Context, status int, problem string) error {
	all, err := s.tenant(c).Imports(c.Request().Context(), shownFiles)
	if err != nil {
		return err
	}
	props := views.ImportsProps{Page: s.page(c, "Import"), Error: problem}
	props.Limit = fmt.Sprintf("At most %d,000 rows and %d MB; a larger file can be split.", survey.MaxImportRows/1000, survey.MaxImportBytes>>20)
	for _, i := range all {
		props.Files = append(props.Files, importFile(i))
	}
	return render(c, status, views.Imports(props))
}

func importFile(i models.Import) views.ImportFile {
	return views.ImportFile{
		ID: i.ID, Name: i.FileName, State: string(i.State), Author: i.Author, At: i.CreatedAt, Total: i.Total, Staged: i.Staged,
		Prepared: i.Prepared, Known: i.Known, Twins: i.Twins, Bad: i.Bad,
	}
}

// uploadImport takes a file. A slow connection may take its time: who sends it is an admin.
func (s *site) uploadImport(c echo.Context) error {
	_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Time{}) // not every server has one
	name, raw, err := sentFile(c)
	var refused *echo.HTTPError
	if errors.As(err, &refused) && refused.Code == http.StatusRequestEntityTooLarge {
		return s.showImports(c, http.StatusRequestEntityTooLarge, fmt.Sprintf("The file is larger than %d MB. Split it into several, each with the header line.", survey.MaxImportBytes>>20))
	}
	if err != nil {
		return s.showImports(c, http.StatusUnprocessableEntity, "Choose a file.")
	}
	m, _ := memberOf(c)
	i, err := s.UploadImport(c.Request().Context(), m.workspace.ID, nameOf(m.teammate.Name, m.teammate.Email, m.teammate.ID), name, raw)
	var told survey.Error
	if errors.As(err, &told) && told.Code == survey.Invalid {
		return s.showImports(c, http.StatusUnprocessableEntity, told.Sentence)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/settings/import/"+i.ID)
}

func sentFile(c echo.Context) (name string, raw []byte, err error) {
	header, err := c.FormFile("file")
	if err != nil {
		return "", nil, err
	}
	file, err := header.Open()
	if err != nil {
		return "", nil, err
	}
	defer file.Close()
	raw, err = io.ReadAll(io.LimitReader(file, survey.MaxImportBytes+1))
	return header.Filename, raw, err
}

func (s *site) importPage(c echo.Context) error {
	i, err := s.importOf(c)
	if err != nil {
		return err
	}
	props := views.ImportProps{File: importFile(i)}
	problems := i.Problems
	status := http.StatusOK
	if i.State == models.ImportUploaded {
		options := importOptions(c.QueryParams(), i.Options)
		check, err := s.CheckImport(c.Request().Context(), i.WorkspaceID, i, options)
		var told survey.Error
		switch {
		case errors.As(err, &told):
			props.Unusable, status = told.Sentence, statuses[told.Code]
		case err != nil:
			return err
		}
		showCheck(&props, check)
		if len(c.QueryParams()) > 0 {
			props.Again = "?" + c.QueryParams().Encode()
		}
		problems = check.Problems
	}
	for _, p := range problems[:min(len(problems), shownProblems)] {
		props.Problems = append(props.Problems, views.ImportProblem{Line: p.Line, Column: p.Column, Text: p.Text})
	}
	props.More = max(props.File.Bad, len(problems)) - len(props.Problems)
	props.Page = s.page(c, "Import of "+i.FileName)
	return render(c, status, views.Import(props))
}

func showCheck(props *views.ImportProps, check survey.ImportCheck) {
	props.Header, props.Sample, props.Scale, props.ScaleBad = check.Header, check.Sample, strconv.Itoa(check.Options.Scale), check.Wrong["scale"]
	props.Ready = len(check.Wrong) == 0 && props.Unusable == ""
	props.Rows, props.Good, props.New, props.From, props.To = check.Rows, check.Good, check.New(), check.From, check.To
	props.File.Known, props.File.Twins, props.File.Bad = check.Known, check.Twins, len(check.Problems)
	props.ReadAs = "Read as " + check.Encoding
	if check.EncodingGuessed {
		props.ReadAs += ", which is a guess"
	}
	props.ReadAs += ", with " + check.Separator + " between the cells."
	if check.Replaced > 0 {
		props.ReadAs += fmt.Sprintf(" %d bytes were no characters; each has become “\uFFFD”.", check.Replaced)
	}
	for _, f := range survey.ImportFields {
		field := views.ImportField{Key: f.Key, Label: f.Label, Hint: f.Hint, Required: f.Required, Error: check.Wrong[f.Key]}
		if n, ok := check.Options.Columns[f.Key]; ok {
			field.Column = strconv.Itoa(n)
		}
		props.Fields = append(props.Fields, field)
	}
}

func (s *site) importOf(c echo.Context) (models.Import, error) {
	id, err := pathID(c)
	if err != nil {
		return models.Import{}, err
	}
	return s.tenant(c).Import(c.Request().Context(), id)
}

// importOptions reads what somebody chose; without a choice the guess stands.
func importOptions(sent url.Values, guess models.ImportOptions) models.ImportOptions {
	if !sent.Has("scale") {
		return guess
	}
	options := models.ImportOptions{Columns: map[string]int{}}
	options.Scale, _ = strconv.Atoi(sent.Get("scale"))
	for _, f := range survey.ImportFields {
		if n, err := strconv.Atoi(sent.Get(f.Key)); err == nil {
			options.Columns[f.Key] = n
		}
	}
	return options
}

// importProblems answers with every bad row as a CSV file.
func (s *site) importProblems(c echo.Context) error {
	i, err := s.importOf(c)
	if err != nil {
		return err
	}
	problems := i.Problems
	if i.State == models.ImportUploaded {
		check, err := s.CheckImport(c.Request().Context(), i.WorkspaceID, i, importOptions(c.QueryParams(), i.Options))
		if err != nil {
			return err
		}
		problems = check.Problems
	}
	c.Response().Header().Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="bad-rows.csv"`)
	c.Response().WriteHeader(http.StatusOK)
	out := csv.NewWriter(c.Response())
	_ = out.Write([]string{"line", "column", "problem"}) // Flush tells
	for _, p := range problems {
		_ = out.Write([]string{strconv.Itoa(p.Line), harmless(p.Column), harmless(p.Text)})
	}
	out.Flush()
	return out.Error()
}

func (s *site) startImport(c echo.Context) error {
	return s.changeImport(c, func(workspace, id string, sent url.Values) error {
		_, err := s.StartImport(c.Request().Context(), workspace, id, importOptions(sent, models.ImportOptions{}))
		return err
	}, "")
}

func (s *site) cancelImport(c echo.Context) error {
	return s.changeImport(c, func(workspace, id string, _ url.Values) error {
		return s.CancelImport(c.Request().Context(), workspace, id)
	}, "import_stopped")
}

func (s *site) takeBackImport(c echo.Context) error {
	return s.changeImport(c, func(workspace, id string, _ url.Values) error {
		return s.TakeBackImport(c.Request().Context(), workspace, id)
	}, "")
}

func (s *site) changeImport(c echo.Context, do func(workspace, id string, sent url.Values) error, flash string) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	sent, err := c.FormParams()
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	if err := do(m.workspace.ID, id, sent); err != nil {
		return err
	}
	if flash != "" {
		return s.done(c, "/settings/import", flash)
	}
	return c.Redirect(http.StatusSeeOther, "/settings/import/"+id)
}
