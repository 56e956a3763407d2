namespace OutageAggregator.Storage.Sqlite.Database;

/// <summary>What a part of the store keeps in memory about its tables, and has to keep in step with the transaction.</summary>
internal interface IGroupState
{
    /// <summary>Writes what it held back for now, before the commit.</summary>
    /// <param name="isLast">True where there will be no other commit: the time to write everything.</param>
    void Flush(bool isLast) { }

    /// <summary>The transaction is durable.</summary>
    void Accept();

    /// <summary>The transaction never was.</summary>
    void Undo();
}

/// <summary>What a write may share a transaction with: others of its kind only.</summary>
internal enum WriteKind : byte
{
    /// <summary>Reports, events, reviews: what the server lives on.</summary>
    Live = 0,

    /// <summary>Recorded counts, in large pieces.</summary>
    Import = 1,

    /// <summary>
    /// What a candidate detector would have said: what goes wrong with it goes wrong with nothing else, and says nothing about whether the
    /// store takes reports. Its callers hear of it, and nobody else.
    /// </summary>
    Shadow = 2,
}

/// <summary>
/// The one writer: a thread that takes every write that waits, runs them in one transaction, and completes them when it is on disk.
/// <code>
///   callers -> waiting -> [BEGIN, each write, flush, COMMIT (fsync)] -> complete each
///              (bounded)   while this runs, the next group gathers
/// </code>
/// A commit costs the disk 1 to 3 ms however much is in it, so the rate is the size of the groups. Nothing waits for an interval: a lone
/// write commits at once. Only where the last group was larger than what waits, and its commit slow, the writer waits up to a millisecond
/// more, until as many are there again: callers that were just answered come back together, and without that the first of them would get
/// a commit of its own and the others would wait for two.
/// <para>
/// A failed transaction fails its writes with <see cref="StoreUnavailableException"/> and leaves memory as it was. Where a stored row
/// turns out to be damaged, the writes of the group are run again one by one, so that only those that need the row fail.
/// </para>
/// </summary>
internal sealed class GroupWriter : IAsyncDisposable
{
    // A group larger than this would make its first write wait for too many others.
    private const int MaxGroup = 4096;

    // 8 MB of log: a checkpoint costs some 10 ms, which no caller waits for, and a restart has to read no more than that.
    private const int PagesPerCheckpoint = 2048;

    private static readonly TimeSpan s_slowCommit = TimeSpan.FromMilliseconds(1.5);

    private readonly Connection _connection;
    private readonly IReadOnlyList<IGroupState> _states;
    private readonly Action<string?> _tell;
    private readonly int _maxWaiting;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Guarded by _gate, which is a plain object because the writer waits on it.
    private readonly object _gate = new();
    private readonly Queue<IWrite> _waiting = new();
    private int _wanted;
    private bool _closing;

    // Used by the writer's thread only.
    private readonly List<IWrite> _group = [];
    private int _lastGroup;
    private TimeSpan _lastCommit;
    private int _pages;
    private bool _troubled;

    /// <param name="connection">The writer's own connection; disposed with it.</param>
    /// <param name="states">What is kept in step with each transaction.</param>
    /// <param name="maxWaiting">The most writes that may wait.</param>
    /// <param name="tell">Told why writes fail when they begin to, and null when they succeed again; of the shadow's nothing.</param>
    public GroupWriter(Connection connection, IReadOnlyList<IGroupState> states, int maxWaiting, Action<string?> tell)
    {
        _connection = connection;
        _states = states;
        _maxWaiting = maxWaiting;
        _tell = tell;
        new Thread(Run) { IsBackground = true, Name = "SQLite writer" }.Start();
    }

    /// <summary>Runs a write in the next transaction; completes when it is durable.</summary>
    /// <param name="write">Runs on the writer's thread, inside of the transaction; it may run again, if the first one is undone.</param>
    /// <param name="kind">What it may share a transaction with.</param>
    /// <exception cref="StoreUnavailableException">It was not written, or it is not known.</exception>
    public Task<T> WriteAsync<T>(Func<T> write, WriteKind kind)
    {
        var waiting = new Write<T>(write, kind);
        lock (_gate)
        {
            if (_closing)
                return Task.FromException<T>(new StoreUnavailableException($"The database '{_connection.Path}' is closed."));
            if (_waiting.Count >= _maxWaiting)
                return Task.FromException<T>(new StoreUnavailableException($"Too many writes wait for the database '{_connection.Path}'."));
            _waiting.Enqueue(waiting);
            if (_waiting.Count == 1 || _waiting.Count == _wanted)
                Monitor.Pulse(_gate);
        }
        return waiting.Task;
    }

    /// <summary>Refuses new writes, finishes those that wait, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closing = true;
            Monitor.PulseAll(_gate);
        }
        await _ended.Task;
    }

    private void Run()
    {
        while (TakeGroup())
        {
            var began = Stopwatch.GetTimestamp();
            CommitGroup();
            _lastCommit = Stopwatch.GetElapsedTime(began);
            _lastGroup = _group.Count;
            _group.Clear();
            CheckpointWhenDue();
        }
        if (TryCommit([], isLast: true) is { } failure)
            _tell($"The database '{_connection.Path}' was closed without its last rows folded ({failure.Message}). The next start does it.");
        // Closing the last connection moves what the log holds into the database.
        _connection.Dispose();
        _ended.TrySetResult();
    }

    private bool TakeGroup()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_closing)
                Monitor.Wait(_gate);
            if (_waiting.Count < _lastGroup && _lastCommit > s_slowCommit && !_closing)
            {
                _wanted = _lastGroup;
                Monitor.Wait(_gate, 1);
                _wanted = 0;
            }
            while (_group.Count < MaxGroup && _waiting.TryPeek(out var write) && (_group.Count == 0 || write.Kind == _group[0].Kind))
                _group.Add(_waiting.Dequeue());
        }
        return _group.Count > 0;
    }

    private void CommitGroup()
    {
        var failure = TryCommit(_group);
        if (failure is not null && _group.Count > 1 && Connection.IsDamage(failure))
        {
            foreach (var write in _group)
                Complete([write], TryCommit([write]));
            return;
        }
        Complete(_group, failure);
    }

    private Exception? TryCommit(List<IWrite> group, bool isLast = false)
    {
        try
        {
            _connection.Execute("BEGIN IMMEDIATE");
            foreach (var write in group)
                write.Run();
            foreach (var state in _states)
                state.Flush(isLast);
            _connection.Execute("COMMIT");
        }
        catch (Exception exception)
        {
            // Whatever it was: the thread must live, and its callers must hear of it.
            _connection.RollBack();
            foreach (var state in _states)
                state.Undo();
            return exception;
        }
        foreach (var state in _states)
            state.Accept();
        return null;
    }

    private void Complete(List<IWrite> group, Exception? failure)
    {
        var trouble = failure switch
        {
            null => null,
            StoreUnavailableException known => known,
            _ when Connection.IsDamage(failure) => Connection.Damaged(_connection.Path, failure),
            _ => new StoreUnavailableException($"The database '{_connection.Path}' could not be written ({failure.Message}).", failure),
        };
        if (group[0].Kind != WriteKind.Shadow)
        {
            if (trouble is not null || _troubled)
                _tell(trouble?.Message);
            _troubled = trouble is not null;
        }
        foreach (var write in group)
            write.Complete(trouble);
    }

    private void CheckpointWhenDue()
    {
        _pages += _connection.TakePagesWritten();
        if (_pages < PagesPerCheckpoint)
            return;
        _pages = 0;
        _connection.Checkpoint();
        _ = _connection.TakePagesWritten();
    }

    private interface IWrite
    {
        WriteKind Kind { get; }
        void Run();
        void Complete(StoreUnavailableException? trouble);
    }

    private sealed class Write<T>(Func<T> write, WriteKind kind)
        : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously), IWrite
    {
        private T? _result;

        public WriteKind Kind => kind;
        public void Run() => _result = write();

        public void Complete(StoreUnavailableException? trouble)
        {
            if (trouble is null)
                TrySetResult(_result!);
            else
                TrySetException(trouble);
        }
    }
}
