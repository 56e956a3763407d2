using System.Buffers;
using System.IO.Pipelines;

namespace OutageAggregator.Web.Http;

/// <summary>
/// A whole request body of a bounded size, in the server's own buffers: nothing is copied where it came in one piece. The limit holds for
/// chunked bodies, which announce no length, as for others. Call <see cref="Release"/> when its bytes are used no more.
/// </summary>
internal readonly struct LimitedBody(PipeReader reader, ReadOnlySequence<byte> bytes, bool isTooLarge)
{
    public ReadOnlySequence<byte> Bytes => bytes;

    /// <summary>The body is larger than the limit; its bytes are not there.</summary>
    public bool IsTooLarge => isTooLarge;

    public void Release()
    {
        if (!isTooLarge)
            reader.AdvanceTo(bytes.End);
    }

    public static async ValueTask<LimitedBody> ReadAsync(HttpRequest request, int limit)
    {
        var reader = request.BodyReader;
        if (request.ContentLength > limit)
            return new LimitedBody(reader, default, isTooLarge: true);
        while (true)
        {
            // Ends by itself when the client goes or falls below the least rate of the server's limits.
            var read = await reader.ReadAsync(CancellationToken.None);
            if (read.Buffer.Length > limit)
            {
                reader.AdvanceTo(read.Buffer.End);
                return new LimitedBody(reader, default, isTooLarge: true);
            }
            if (read.IsCompleted)
                return new LimitedBody(reader, read.Buffer, isTooLarge: false);
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
