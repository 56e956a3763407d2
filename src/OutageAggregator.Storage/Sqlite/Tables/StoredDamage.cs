namespace OutageAggregator.Storage.Sqlite.Tables;

/// <summary>Looks at the start whether the file is whole.</summary>
internal static class StoredDamage
{
    // Larger ones are not read through at the start: that would take seconds. A damaged page in them is told when it is met.
    private const long LargestCheckedFile = 64L << 20;

    /// <summary>Reads the whole file, unless it is large.</summary>
    /// <returns>What is damaged in the shadow's tables, where nothing else is; null where nothing was found.</returns>
    /// <exception cref="InvalidDataException">Anything else is damaged.</exception>
    public static string? Check(Connection connection)
    {
        if (new FileInfo(connection.Path).Length > LargestCheckedFile)
            return null;
        var found = Look(connection, "PRAGMA quick_check(1)");
        if (found == "ok")
            return null;
        // No reason not to take reports, where it is the shadow's alone. Nothing is written to its tables then: a damaged tree may name
        // pages that are another table's by now.
        var damaged = connection.Prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").All(row => row.Text(0));
        damaged.RemoveAll(table => Look(connection, $"PRAGMA quick_check('{table}')") == "ok");
        return damaged.Count > 0 && damaged.TrueForAll(table => table.StartsWith("shadow_", StringComparison.Ordinal))
            ? found
            : throw new InvalidDataException(found);
    }

    // Some damage is answered, some fails the question.
    private static string Look(Connection connection, string question)
    {
        try
        {
            return connection.ReadText(question).ReplaceLineEndings(" ");
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
    }
}
