using OutageAggregator.Contracts;
using OutageAggregator.Storage.Memory;

namespace OutageAggregator.Storage.Tests.Memory;

public sealed class MemoryCountStoreTests : CountStoreContract
{
    protected override ValueTask<ICountStore> OpenAsync() => new(new MemoryCountStore());
}

public sealed class MemoryIncidentLogTests : IncidentLogContract
{
    protected override ValueTask<IIncidentLog> OpenAsync() => new(new MemoryIncidentLog());
}

public sealed class MemoryCursorStoreTests : CursorStoreContract
{
    protected override ValueTask<ICursorStore> OpenAsync() => new(new MemoryCursorStore());
}

public sealed class MemoryReviewLogTests : ReviewLogContract
{
    protected override ValueTask<IReviewLog> OpenAsync() => new(new MemoryReviewLog());
}

public sealed class MemoryProposalStoreTests : ProposalStoreContract
{
    protected override ValueTask<IProposalStore> OpenAsync() => new(new MemoryProposalStore());
}
