using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace OutageAggregator.Architecture.Tests;

/// <summary>
/// Which folder of a project knows which other one, as its assembly says: base types, members, attributes and what methods do. Constants are
/// copied by the compiler and leave no trace.
/// </summary>
internal sealed class FolderGraph
{
    private readonly SortedDictionary<string, SortedDictionary<string, string>> _known = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Folders => _known.Keys;

    /// <summary>Reads the assembly of a project, which lies beside the tests.</summary>
    public static FolderGraph Read(string project)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, $"{project}.dll"));
        var graph = new FolderGraph();
        foreach (var type in assembly.MainModule.GetAllTypes().Where(t => IsOurs(t, project)))
        {
            var folder = FolderOf(type);
            if (!graph._known.ContainsKey(folder))
                graph._known[folder] = new(StringComparer.Ordinal);
            foreach (var used in Used(type).SelectMany(Parts).Where(u => u.Scope == assembly.MainModule && IsOurs(u, project)))
                graph.Add(folder, FolderOf(used), $"{Outermost(type).Name} knows {Outermost(used).Name}");
        }
        return graph;
    }

    /// <summary>Notes that one folder knows another one, and why.</summary>
    public void Add(string folder, string other, string why)
    {
        if (folder == other)
            return;
        foreach (var name in (string[])[folder, other])
        {
            if (!_known.ContainsKey(name))
                _known[name] = new(StringComparer.Ordinal);
        }
        _ = _known[folder].TryAdd(other, why);
    }

    /// <summary>The same, with each folder of the project and all that lies in it as one.</summary>
    public FolderGraph Together(string project)
    {
        var together = new FolderGraph();
        foreach (var (folder, others) in _known)
        {
            foreach (var (other, why) in others)
                together.Add(Top(folder), Top(other), why);
        }
        return together;

        string Top(string folder) => folder.IndexOf('.', Math.Min(folder.Length, project.Length + 1)) is > 0 and var end ? folder[..end] : folder;
    }

    /// <summary>The shortest circle through each folder that lies on one, each circle once.</summary>
    public IReadOnlyList<string> Circles()
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var folder in _known.Keys)
        {
            if (ShortestCircle(folder) is { } circle)
                _ = found.TryAdd(string.Join(' ', circle.Order(StringComparer.Ordinal)), Tell(circle));
        }
        return [.. found.Values];
    }

    private List<string>? ShortestCircle(string start)
    {
        var paths = new Queue<List<string>>([[start]]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (paths.TryDequeue(out var path))
        {
            foreach (var next in _known[path[^1]].Keys)
            {
                if (next == start)
                    return path;
                if (seen.Add(next))
                    paths.Enqueue([.. path, next]);
            }
        }
        return null;
    }

    private string Tell(List<string> circle) =>
        string.Join(", ", circle.Select((from, i) => (from, to: circle[(i + 1) % circle.Count])).Select(e => $"{e.from} -> {e.to} ({_known[e.from][e.to]})"));

    private static IEnumerable<TypeReference> Used(TypeDefinition type)
    {
        IEnumerable<TypeReference?> all =
        [
            type.BaseType,
            .. type.Interfaces.Select(i => i.InterfaceType),
            .. type.CustomAttributes.Select(a => a.AttributeType),
            .. type.GenericParameters.SelectMany(p => p.Constraints).Select(c => c.ConstraintType),
            .. type.Fields.Select(f => f.FieldType),
            .. type.Methods.Select(m => m.ReturnType),
            .. type.Methods.SelectMany(m => m.Parameters).Select(p => p.ParameterType),
            .. type.Methods.Where(m => m.HasBody).SelectMany(m => m.Body.Variables).Select(v => v.VariableType),
            .. type.Methods.Where(m => m.HasBody).SelectMany(m => m.Body.Instructions).SelectMany(i => Named(i.Operand)),
        ];
        return all.OfType<TypeReference>();
    }

    private static IEnumerable<TypeReference> Named(object? operand) => operand switch
    {
        TypeReference type => [type],
        GenericInstanceMethod method => [method.DeclaringType, .. method.GenericArguments],
        MethodReference method => [method.DeclaringType],
        FieldReference field => [field.DeclaringType],
        _ => [],
    };

    // What an array, a reference or a generic type is made of.
    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
        TypeSpecification other => Parts(other.ElementType),
        _ => [type],
    };

    private static TypeReference Outermost(TypeReference type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static string FolderOf(TypeReference type) => Outermost(type).Namespace;

    // Orleans' and Razor's generators write into namespaces of their own.
    private static bool IsOurs(TypeReference type, string project) =>
        FolderOf(type) is var folder && (folder == project || folder.StartsWith(project + ".", StringComparison.Ordinal));
}
