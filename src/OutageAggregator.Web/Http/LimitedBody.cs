using System.IO.Pipelines;

namespace OutageAggregator.Web.Http;

/// <summary>A whole request body of a bounded size: call <see cref="Release"/> when its bytes are used no more.</summary>
internal readonly struct LimitedBody(PipeReader reader, ReadOnlySequence<byte> bytes, bool isTooLarge)
{
    public ReadOnlySequence<byte> Bytes => bytes;
    public bool IsTooLarge => isTooLarge;

    public void Release()
    {
        if (!isTooLarge)
            reader.AdvanceTo(bytes.End);
    }

    /// <summary>A copy of the whole body; null where it is larger than the limit.</summary>
    public static async ValueTask<byte[]?> ReadCopyAsync(HttpRequest request, int limit)
    {
        var body = await ReadAsync(request, limit);
        var copy = body.IsTooLarge ? null : body.Bytes.ToArray();
        body.Release();
        return copy;
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
