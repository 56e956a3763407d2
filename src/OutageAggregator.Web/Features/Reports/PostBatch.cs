using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using OutageAggregator.Core.Reports;
using OutageAggregator.Core.Services;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Storage;
using OutageAggregator.Web.Http;
using OutageAggregator.Web.Problems;

namespace OutageAggregator.Web.Features.Reports;

/// <summary>
/// <c>POST /api/v1/reports/batch</c>: up to 1,000 reports of a partner at once. Its lines are grouped by service and region and each group
/// goes to its watch as one batch, so a batch costs as many writes as it has groups, not lines, and shares the store's commits with
/// everything else.
/// <para>
/// A repeated Idempotency-Key gives the same answer because everything it depends on is the same again: the ring of repeated batches knows when the key
/// was first seen and for which body, the lines are read as of that instant, and the batch ids are derived from the key, so the store
/// answers its first receipts. That holds for repetitions that overlap and across a restart, without keeping any answer. What the first
/// attempt could not store is received by the repetition that does: the store's time must not go back to the first, and what is told more than
/// five minutes late by then raises no alarm.
/// </para>
/// </summary>
internal sealed class PostBatch(Catalog catalog, IWatches watches, ReporterKey key, IRepeatedBatches repeated, ReportTally tally, TimeProvider clock)
{
    // So many batches at once; more are told to come again. Each may hold a megabyte while it is under way.
    private const int MaxAtOnce = 16;

    // Looking for near names scans the catalog: not for a thousand lines.
    private const int MaxSearches = 10;

    private readonly SemaphoreSlim _places = new(MaxAtOnce);

    public async Task HandleAsync(HttpContext context, string sender)
    {
        if (MediaType.Of(context.Request, MediaType.NdJson, "application/ndjson") is null)
        {
            await new ProblemAnswer(ProblemTypes.UnsupportedMediaType, $"A batch is {MediaType.NdJson}: one JSON object a line, UTF-8, not compressed.").ExecuteAsync(context);
            return;
        }
        var header = context.Request.Headers["Idempotency-Key"];
        if (header.Count > 1 || (header.Count == 1 && !IsIdempotencyKey(header[0])))
        {
            await ProblemAnswer.InvalidInput("Idempotency-Key", "Send it once, with 1 to 255 printable ASCII characters.").ExecuteAsync(context);
            return;
        }
        // Read before a place is taken: who sends slowly holds up nobody else. What waits meanwhile is 256 KiB a connection at most, of
        // partners with a key only, and the server's least rate ends what trickles.
        var body = await LimitedBody.ReadAsync(context.Request, ReportLimits.MaxBatchBytes);
        if (body.IsTooLarge)
        {
            await new ProblemAnswer(ProblemTypes.BodyTooLarge, "A batch is at most 256 KiB (262,144 bytes); send several.").ExecuteAsync(context);
            return;
        }
        var bytes = body.Bytes.ToArray();
        body.Release();
        if (!await _places.WaitAsync(TimeSpan.Zero, CancellationToken.None))
            throw new IntakeFullException("Too many batches are under way.");
        try
        {
            await TakeAsync(context, sender, header.Count == 1 ? header[0] : null, bytes);
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task TakeAsync(HttpContext context, string sender, string? idempotencyKey, byte[] bytes)
    {
        var ranges = SplitLines(bytes);
        if (ranges.Count == 0)
        {
            await new ProblemAnswer(ProblemTypes.MalformedBody, "The body is empty: send one JSON object a line.").ExecuteAsync(context);
            return;
        }
        if (ranges.Count > ReportLimits.MaxBatchLines)
        {
            await new ProblemAnswer(ProblemTypes.BodyTooLarge, "A batch is at most 1,000 lines; send several.").ExecuteAsync(context);
            return;
        }

        var now = clock.GetUtcNow();
        var (seenAt, isOfEarlierVersion) = (now, false);
        var name = key.NameOfBatch(sender, idempotencyKey ?? Guid.NewGuid().ToString());
        if (idempotencyKey is not null)
        {
            var first = await repeated.BeginAsync(name, BitConverter.ToUInt128(SHA256.HashData(bytes)), now, context.RequestAborted);
            if (!first.IsSameBody)
            {
                await new ProblemAnswer(ProblemTypes.IdempotencyConflict, "The Idempotency-Key was used within the last day, with another body.").ExecuteAsync(context);
                return;
            }
            (seenAt, isOfEarlierVersion) = (first.SeenAt, first.IsOfEarlierVersion);
        }

        var lines = ReadLines(bytes, ranges, sender, seenAt, now);
        await RecordAsync(lines, watch => key.PartOfBatch(name, seenAt, watch, isOfEarlierVersion), now);
        await BatchReceipts.WriteAsync(context, key, seenAt, lines);
    }

    private BatchLine[] ReadLines(byte[] bytes, List<Range> ranges, string sender, DateTimeOffset seenAt, DateTimeOffset now)
    {
        var lines = new BatchLine[ranges.Count];
        var refused = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = BatchLine.Read(bytes.AsSpan(ranges[i]), catalog, key, sender, seenAt, now, suggest: refused < MaxSearches);
            if (lines[i].Problem is not null)
                refused++;
        }
        return lines;
    }

    private async Task RecordAsync(BatchLine[] lines, Func<WatchKey, BatchId> idOf, DateTimeOffset now)
    {
        var recordings = lines.Where(l => l.Problem is null).GroupBy(l => l.Watch).Select(async group =>
        {
            BatchLine[] members = [.. group];
            var id = idOf(group.Key);
            var receipt = await RecordAsync(new ReportBatch(id, group.Key, now, [.. members.Select(m => m.Report)]));
            for (var i = 0; i < members.Length; i++)
                members[i].Answer = new IntakeAnswer(new ReportId(id, i), receipt.ReceivedAt, receipt.Receipts[i], receipt.IsProvisional);
        });
        await Task.WhenAll(recordings);
    }

    private async Task<BatchReceipt> RecordAsync(ReportBatch batch)
    {
        var startedAt = Stopwatch.GetTimestamp();
        try
        {
            var receipt = await watches.RecordAsync(batch, CancellationToken.None);
            tally.Answered(receipt, startedAt);
            return receipt;
        }
        catch
        {
            tally.Failed(batch.Reports.Count, startedAt);
            throw;
        }
    }

    /// <summary>Lines end with LF or CR LF; the last one may, too. More of them than are taken are not all listed.</summary>
    private static List<Range> SplitLines(ReadOnlySpan<byte> bytes)
    {
        var lines = new List<Range>();
        var start = 0;
        while (start < bytes.Length && lines.Count <= ReportLimits.MaxBatchLines)
        {
            var length = bytes[start..].IndexOf((byte)'\n');
            var next = length < 0 ? bytes.Length : start + length + 1;
            var end = length < 0 ? bytes.Length : start + length;
            if (end > start && bytes[end - 1] == '\r')
                end--;
            lines.Add(start..end);
            start = next;
        }
        return lines;
    }

    private static bool IsIdempotencyKey(string? text) =>
        text is { Length: >= 1 and <= 255 } && text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0;
}
