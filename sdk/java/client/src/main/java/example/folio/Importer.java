package example.folio;

import com.google.protobuf.Message;
import example.folio.v1.ImportChunk;
import example.folio.v1.ImportCounts;
import example.folio.v1.ImportHeader;
import example.folio.v1.ImportRequest;
import example.folio.v1.ImportResponse;
import example.folio.v1.ImportServiceGrpc;
import example.folio.v1.RejectedRow;
import io.grpc.Channel;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** An import row by row. Its methods wait for the server, and throw {@link ImportException}. For one thread. */
public final class Importer implements AutoCloseable {
  // Small enough that a server with a 1 MiB message limit takes any chunk, large enough that a commit pays.
  private static final int CHUNK_ROWS = 500;
  private static final int CHUNK_BYTES = 256 << 10;

  /** A single row beyond this is rejected here: no server would take it. */
  private static final int ROW_BYTES = 900 << 10;

  private static final Duration BUSY_PATIENCE = Duration.ofSeconds(5);

  private final Channel channel;
  private final ImportOptions options;
  private final Patience patience;
  private final Class<? extends Message> rowType;
  private final Deque<ImportRequest> inFlight = new ArrayDeque<>();
  private final List<RejectedRow> rejected = new ArrayList<>();
  private ImportHeader header;
  private Duplex<ImportRequest, ImportResponse> stream;
  private ImportChunk.Builder chunk = ImportChunk.newBuilder();
  private int chunkBytes;
  private long tooLarge;
  private long durable;
  private long revision;
  private ImportCounts counts = ImportCounts.getDefaultInstance();

  private Importer(Channel channel, ImportHeader header, ImportOptions options) {
    this.channel = channel;
    this.header = header;
    this.options = options;
    this.patience = new Patience(options.patience());
    rowType = ImportedRows.typeOf(header.getCollection());
    if (rowType == null) {
      throw fail(new FolioException(
          Status.Code.INVALID_ARGUMENT, "There is no import of '" + header.getCollection() + "'.", null));
    }
  }

  static Importer open(Channel channel, ImportHeader header, ImportOptions options) {
    Importer importer = new Importer(channel, header, options);
    Patience busy = new Patience(BUSY_PATIENCE);
    while (true) {
      try {
        importer.connect();
        importer.header = header.toBuilder().setRestart(false).build();
        return importer;
      } catch (FolioException failed) {
        if (!Patience.isBusy(failed)) {
          throw importer.fail(failed);
        }
        importer.pause(busy, failed);
      }
    }
  }

  static CompletableFuture<ImportReport> run(
      Channel channel, ImportHeader header, Iterable<? extends Message> rows, ImportOptions options) {
    CompletableFuture<ImportReport> result = new CompletableFuture<>();
    Thread worker = new Thread(() -> {
      try (Importer importer = open(channel, header, options)) {
        long position = 0;
        for (Message row : rows) {
          importer.add(++position, row);
        }
        importer.finish();
        result.complete(importer.report());
      } catch (Throwable failed) {
        result.completeExceptionally(failed);
      }
    }, "folio-import");
    worker.setDaemon(true);
    result.whenComplete((report, failed) -> {
      if (result.isCancelled()) {
        worker.interrupt();
      }
    });
    worker.start();
    return result;
  }

  /** What has become of the rows so far. */
  public ImportReport report() {
    ImportCounts all = counts.toBuilder().setRejected(counts.getRejected() + tooLarge).build();
    return new ImportReport(durable, all, Collections.unmodifiableList(rejected), revision);
  }

  /**
   * Adds the row at a position of the source, counted from 1, ascending. What is durable already is left out. May wait
   * for the server.
   */
  public void add(long position, Message row) {
    if (row.getClass() != rowType) {
      throw fail(new FolioException(Status.Code.INVALID_ARGUMENT,
          "A row of type " + row.getDescriptorForType().getFullName() + " is not one of '" + header.getCollection()
              + "'.",
          null));
    }
    int size = row.getSerializedSize();
    if (size > ROW_BYTES) {
      rejectTooLarge(position, size);
      return;
    }
    if (position <= durable) {
      return;
    }
    if (chunkBytes + size > CHUNK_BYTES || chunk.getRowCount() >= CHUNK_ROWS) {
      flush();
    }
    cover(position);
    chunk.addRowNumbers(position);
    ImportedRows.add(chunk, header.getCollection(), row);
    chunkBytes += size;
  }

  /** Tells that the row at a position does not come: the caller has rejected it. */
  public void skip(long position) {
    if (position <= durable) {
      return;
    }
    if (chunk.getRowCount() >= CHUNK_ROWS) {
      flush();
    }
    cover(position);
  }

  /** Sends what is left and waits until everything is durable. */
  public void finish() {
    flush();
    while (!inFlight.isEmpty()) {
      awaitAnswer();
    }
    stream.halfClose();
    try {
      while (Waiting.await(stream.next()).isPresent()) {
        // The answers have been read: only the end of the stream is awaited.
      }
    } catch (FolioException lost) {
      // Everything is durable: how the stream ends does not matter any more.
    }
  }

  /** Ends the import. What is durable stays so. */
  @Override
  public void close() {
    if (stream != null) {
      stream.cancel();
    }
  }

  private void cover(long position) {
    if (chunk.getFirstRow() == 0) {
      chunk.setFirstRow(position);
    }
    chunk.setRowCount(position - chunk.getFirstRow() + 1);
  }

  private void rejectTooLarge(long position, int size) {
    ++tooLarge;
    rejected.add(RejectedRow.newBuilder()
                     .setRow(position)
                     .setReason("ROW_TOO_LARGE")
                     .setMessage("The row has " + size + " bytes; at most " + ROW_BYTES + " are accepted.")
                     .build());
    options.progress().accept(report());
    skip(position);
  }

  private void flush() {
    if (chunk.getRowCount() == 0) {
      return;
    }
    while (inFlight.size() >= options.window()) {
      awaitAnswer();
    }
    ImportRequest request = ImportRequest.newBuilder().setChunk(chunk).build();
    chunk = ImportChunk.newBuilder();
    chunkBytes = 0;
    inFlight.add(request);
    stream.send(request);
  }

  /** Waits for one answer, over a new connection where the old one is lost. */
  private void awaitAnswer() {
    try {
      take(read());
    } catch (FolioException lost) {
      recover(lost);
    }
  }

  private ImportResponse read() {
    Optional<ImportResponse> answer = Waiting.await(stream.next());
    return answer.orElseThrow(
        () -> new FolioException(Status.Code.UNAVAILABLE, "The server ended the import's stream.", null));
  }

  /** Connects again and sends what is not yet durable, for as long as there is patience. */
  private void recover(FolioException first) {
    FolioException lost = first;
    while (lost != null) {
      stream.cancel();
      if (header.getImportId().isEmpty()) {
        throw fail(lost);
      }
      pause(patience, lost);
      try {
        connect();
        lost = null;
      } catch (FolioException again) {
        lost = again;
      }
    }
    inFlight.forEach(stream::send);
  }

  private void connect() {
    stream = Duplex.openEager(channel, ImportServiceGrpc.getImportMethod()); // at most one answer a chunk
    stream.send(ImportRequest.newBuilder().setHeader(header).build());
    try {
      take(read());
    } catch (FolioException failed) {
      stream.cancel();
      throw failed;
    }
  }

  private void pause(Patience own, FolioException failed) {
    try {
      Waiting.await(own.after(failed));
    } catch (FolioException gaveUp) {
      throw fail(gaveUp);
    }
  }

  private void take(ImportResponse answer) {
    if (answer.getDurableThroughRow() > durable) {
      patience.reset();
    }
    durable = answer.getDurableThroughRow();
    counts = answer.getCounts();
    rejected.addAll(answer.getRejectedRowsList());
    revision = Math.max(revision, answer.getRevision());
    while (!inFlight.isEmpty() && lastRow(inFlight.peek().getChunk()) <= durable) {
      inFlight.remove();
    }
    options.progress().accept(report());
  }

  private ImportException fail(FolioException failure) {
    return new ImportException(failure, report());
  }

  private static long lastRow(ImportChunk chunk) {
    return chunk.getFirstRow() + chunk.getRowCount() - 1;
  }
}
