namespace OutageAggregator.Storage.Sqlite.Database;

/// <summary>Columns that several tables have.</summary>
internal static class Rows
{
    /// <summary>A service and, in the column after it, a region.</summary>
    public static WatchKey Key(Statement row, int column) =>
        new(ServiceSlug.Parse(row.Text(column)), Region.Parse(row.Text(column + 1)));
}
