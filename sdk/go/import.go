package folio

import (
	"context"
	"fmt"
	"io"
	"iter"
	"time"

	foliov1 "folio.example/sdk/go/foliov1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Small enough that a server with a 1 MiB message limit takes any chunk, large enough that a commit pays.
const (
	chunkRows  = 500
	chunkBytes = 256 << 10
)

// A single row beyond this is rejected here: no server would take it.
const rowBytes = 900 << 10

const busyPatience = 5 * time.Second

// ImportOptions may be left as they are.
type ImportOptions struct {
	Window   int                 // chunks sent and not yet acknowledged; 0 means 4
	Patience time.Duration       // how long to try to get a lost connection back; 0 means a minute, less means not at all
	Progress func(*ImportReport) // called after every answer of the server
}

// ImportReport says what has become of the rows. Rows up to DurableThroughRow survive anything.
type ImportReport struct {
	DurableThroughRow int64
	Counts            *foliov1.ImportCounts
	Rejected          []*foliov1.RejectedRow
	Revision          int64
}

// Import writes rows of the header's collection without a limit on their number, and reports what became of each. With
// an import id a lost connection is taken up again, and a later call with the same id and the same rows goes on after
// the last durable one. The report is there beside an error also, as far as the import got.
func (c *Client) Import(ctx context.Context, header *foliov1.ImportHeader, rows iter.Seq[proto.Message],
	options ImportOptions) (*ImportReport, error) {
	importer, err := c.OpenImport(ctx, header, options)
	if err != nil {
		return importer.Report(), err
	}
	defer importer.Close()
	position := int64(0)
	for row := range rows {
		position++
		if err := importer.Add(position, row); err != nil {
			return importer.Report(), err
		}
	}
	return importer.Report(), importer.Finish()
}

// Messages are rows of one type as Import takes them: folio.Messages(slices.Values(accounts)).
func Messages[Row proto.Message](rows iter.Seq[Row]) iter.Seq[proto.Message] {
	return func(yield func(proto.Message) bool) {
		for row := range rows {
			if !yield(row) {
				return
			}
		}
	}
}

// Importer is an import row by row, for callers that number and reject rows themselves. For one goroutine.
type Importer struct {
	ctx      context.Context
	client   *Client
	header   *foliov1.ImportHeader
	options  ImportOptions
	rows     protoreflect.FieldDescriptor
	patience *patience
	report   ImportReport

	stream     grpc.BidiStreamingClient[foliov1.ImportRequest, foliov1.ImportResponse]
	cancel     context.CancelFunc
	chunk      *foliov1.ImportChunk
	chunkBytes int
	inFlight   []*foliov1.ImportRequest
	tooLarge   int64
}

// OpenImport sends the header and waits for the answer. It fails at once where the server cannot be reached: there is
// nothing to save yet. But it waits a little for the end of a connection that the same import had before. The importer
// has a report beside an error also.
func (c *Client) OpenImport(ctx context.Context, header *foliov1.ImportHeader,
	options ImportOptions) (*Importer, error) {
	if options.Window == 0 {
		options.Window = 4
	}
	if options.Patience == 0 {
		options.Patience = time.Minute
	}
	importer := &Importer{
		ctx: ctx, client: c, header: proto.Clone(header).(*foliov1.ImportHeader), options: options,
		patience: newPatience(options.Patience), chunk: &foliov1.ImportChunk{}, cancel: func() {},
		report: ImportReport{Counts: &foliov1.ImportCounts{}},
	}
	fields := importer.chunk.ProtoReflect().Descriptor().Fields()
	importer.rows = fields.ByName(protoreflect.Name(header.GetCollection()))
	if importer.rows == nil || importer.rows.Message() == nil {
		return importer, newError(codes.InvalidArgument, fmt.Sprintf("There is no import of '%s'.", header.GetCollection()))
	}
	busy := newPatience(busyPatience)
	for {
		err := importer.connect()
		if err == nil {
			importer.header.Restart = false
			return importer, nil
		}
		if !isBusy(asError(err)) {
			return importer, err
		}
		if err := busy.after(ctx, err); err != nil {
			return importer, err
		}
	}
}

// Report is what has become of the rows so far.
func (i *Importer) Report() *ImportReport { return &i.report }

// Add adds the row at a position of the source, counted from 1, ascending. What is durable already is left out. It may
// wait for the server.
func (i *Importer) Add(position int64, row proto.Message) error {
	if row.ProtoReflect().Descriptor() != i.rows.Message() {
		return newError(codes.InvalidArgument, fmt.Sprintf("A row of type %s is not one of '%s'.",
			row.ProtoReflect().Descriptor().FullName(), i.header.GetCollection()))
	}
	size := proto.Size(row)
	if size > rowBytes {
		return i.rejectTooLarge(position, size)
	}
	if position <= i.report.DurableThroughRow {
		return nil
	}
	if i.chunkBytes+size > chunkBytes || i.chunk.GetRowCount() >= chunkRows {
		if err := i.flush(); err != nil {
			return err
		}
	}
	i.cover(position)
	i.chunk.RowNumbers = append(i.chunk.RowNumbers, position)
	i.chunk.ProtoReflect().Mutable(i.rows).List().Append(protoreflect.ValueOfMessage(row.ProtoReflect()))
	i.chunkBytes += size
	return nil
}

// Skip tells that the row at a position does not come: the caller has rejected it.
func (i *Importer) Skip(position int64) error {
	if position <= i.report.DurableThroughRow {
		return nil
	}
	if i.chunk.GetRowCount() >= chunkRows {
		if err := i.flush(); err != nil {
			return err
		}
	}
	i.cover(position)
	return nil
}

// Finish sends what is left and waits until everything is durable.
func (i *Importer) Finish() error {
	if err := i.flush(); err != nil {
		return err
	}
	for len(i.inFlight) > 0 {
		if err := i.awaitAnswer(); err != nil {
			return err
		}
	}
	// Everything is durable: how the stream ends does not matter any more.
	_ = i.stream.CloseSend()
	for {
		if _, err := i.stream.Recv(); err != nil {
			return nil
		}
	}
}

// Close ends the import. What is durable stays so.
func (i *Importer) Close() { i.cancel() }

func (i *Importer) cover(position int64) {
	if i.chunk.GetFirstRow() == 0 {
		i.chunk.FirstRow = position
	}
	i.chunk.RowCount = position - i.chunk.GetFirstRow() + 1
}

func (i *Importer) rejectTooLarge(position int64, size int) error {
	i.tooLarge++
	i.report.Counts.Rejected++
	i.report.Rejected = append(i.report.Rejected, &foliov1.RejectedRow{
		Row: position, Reason: "ROW_TOO_LARGE",
		Message: fmt.Sprintf("The row has %d bytes; at most %d are accepted.", size, rowBytes),
	})
	i.tell()
	return i.Skip(position)
}

func (i *Importer) flush() error {
	if i.chunk.GetRowCount() == 0 {
		return nil
	}
	for len(i.inFlight) >= i.options.Window {
		if err := i.awaitAnswer(); err != nil {
			return err
		}
	}
	request := &foliov1.ImportRequest{Message: &foliov1.ImportRequest_Chunk{Chunk: i.chunk}}
	i.chunk, i.chunkBytes = &foliov1.ImportChunk{}, 0
	i.inFlight = append(i.inFlight, request)
	// A failed write is told by the next read, which also has the reason.
	_ = i.stream.Send(request)
	return nil
}

// awaitAnswer waits for one answer, over a new connection where the old one is lost.
func (i *Importer) awaitAnswer() error {
	answer, err := i.stream.Recv()
	if err == nil {
		i.take(answer)
		return nil
	}
	return i.recover(ended(err))
}

// recover connects again and sends what is not yet durable, for as long as there is patience.
func (i *Importer) recover(lost error) error {
	i.cancel()
	for {
		if i.header.GetImportId() == "" {
			return lost
		}
		if err := i.patience.after(i.ctx, lost); err != nil {
			return err
		}
		if lost = i.connect(); lost == nil {
			break
		}
	}
	for _, request := range i.inFlight {
		_ = i.stream.Send(request)
	}
	return nil
}

func (i *Importer) connect() error {
	ctx, cancel := context.WithCancel(i.ctx)
	stream, err := foliov1.NewImportServiceClient(i.client.connection).Import(ctx)
	if err == nil {
		_ = stream.Send(&foliov1.ImportRequest{Message: &foliov1.ImportRequest_Header{Header: i.header}})
		var answer *foliov1.ImportResponse
		if answer, err = stream.Recv(); err == nil {
			i.stream, i.cancel = stream, cancel
			i.take(answer)
			return nil
		}
	}
	cancel()
	return ended(err)
}

func (i *Importer) take(answer *foliov1.ImportResponse) {
	if answer.GetDurableThroughRow() > i.report.DurableThroughRow {
		i.patience.reset()
	}
	i.report.DurableThroughRow = answer.GetDurableThroughRow()
	i.report.Counts = answer.GetCounts()
	if i.report.Counts == nil {
		i.report.Counts = &foliov1.ImportCounts{}
	}
	i.report.Counts.Rejected += i.tooLarge
	i.report.Rejected = append(i.report.Rejected, answer.GetRejectedRows()...)
	i.report.Revision = max(i.report.Revision, answer.GetRevision())
	for len(i.inFlight) > 0 && lastRow(i.inFlight[0].GetChunk()) <= i.report.DurableThroughRow {
		i.inFlight = i.inFlight[1:]
	}
	i.tell()
}

func (i *Importer) tell() {
	if i.options.Progress != nil {
		i.options.Progress(&i.report)
	}
}

// ended is why a stream ended that should go on.
func ended(err error) error {
	if err == io.EOF {
		return newError(codes.Unavailable, "The server ended the import's stream.")
	}
	return err
}

func lastRow(chunk *foliov1.ImportChunk) int64 { return chunk.GetFirstRow() + chunk.GetRowCount() - 1 }
