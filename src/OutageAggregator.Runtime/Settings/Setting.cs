using System.Collections;
using System.Net;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace OutageAggregator.Runtime.Settings;

/// <summary>
/// One setting: a property of a settings class, with its key, its default, what may be written and what it is. The annotations of the
/// property are the only place where this is said: messages and the list of settings both read it here.
/// <code>
///   Intake:MaxWaiting          property MaxWaiting of the property Intake
///   Proxies:Trusted:#          item of an array, numbered from 0
///   Logging:LogLevel:NAME      value of a dictionary, whose names are the operator's
/// </code>
/// </summary>
public sealed class Setting
{
    private const string AnyName = "NAME";
    private const string AnyNumber = "#";

    private readonly string[] _pattern;
    private readonly object? _owner;
    private readonly PropertyInfo _property;
    private readonly Type _type;

    private Setting(string[] path, object? owner, PropertyInfo property, Type type)
    {
        IsList = type.IsArray;
        _pattern = IsList ? [.. path, AnyNumber] : path;
        _owner = owner;
        _property = property;
        var item = type.GetElementType() ?? type;
        _type = Nullable.GetUnderlyingType(item) ?? item;
        TakesNothing = IsList || _type != item || !item.IsValueType;
        Key = string.Join(':', path);
    }

    /// <summary>Its name in files, such as <c>Intake:MaxWaiting</c>.</summary>
    public string Key { get; }

    /// <summary>True where it has items: <c>Proxies:Trusted:0</c>, <c>Proxies:Trusted:1</c> and so on.</summary>
    public bool IsList { get; }

    /// <summary>True where it is on or off.</summary>
    public bool IsSwitch => _type == typeof(bool);

    /// <summary>What it is, in a sentence; null for settings of the framework.</summary>
    public string? Description => _property.GetCustomAttribute<DescriptionAttribute>()?.Description;

    /// <summary>The value that it has as long as nobody says another one; null where there is none.</summary>
    public string? Default => _owner is null || _property.GetValue(_owner) is not { } value ? null : Text(value) is { Length: > 0 } text ? text : null;

    /// <summary>What may be written, in words: what a rule says of itself, or the type and its range.</summary>
    public string Allowed
    {
        get
        {
            if (_property.GetCustomAttribute<AllowedValuesAttribute>() is { } values)
                return string.Join(", ", values.Values);
            if (Rules.FirstOrDefault(r => r.ErrorMessage is not null || r.GetType().Assembly != typeof(RangeAttribute).Assembly) is { } own)
                return own.FormatErrorMessage(Key);
            if (_type.GetCustomAttribute<DescriptionAttribute>() is { } form)
                return form.Description;
            var kind = _type switch
            {
                var t when t.IsEnum => string.Join(", ", Enum.GetNames(t)),
                var t when t == typeof(string) => "text",
                var t when t == typeof(bool) => "true, false",
                var t when t == typeof(int) || t == typeof(long) => "a whole number",
                var t when t == typeof(double) => "a number",
                var t when t == typeof(TimeSpan) => "a time span, [days.]hours:minutes:seconds,",
                var t when t == typeof(IPNetwork) => "networks in CIDR form, such as 10.0.0.0/8 or ::1/128",
                var t when t == typeof(IPAddress) => "an IP address, such as 10.0.0.7",
                var t => t.Name,
            };
            return _property.GetCustomAttribute<RangeAttribute>() is { } range
                ? string.Create(CultureInfo.InvariantCulture, $"{kind} from {range.Minimum} to {range.Maximum}")
                : kind.TrimEnd(',');
        }
    }

    internal bool TakesNothing { get; }

    private IEnumerable<ValidationAttribute> Rules => _property.GetCustomAttributes<ValidationAttribute>();

    /// <summary>Every setting of a settings object, in the order in which its class states them.</summary>
    public static IReadOnlyList<Setting> AllOf(object settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var all = new List<Setting>();
        Add(all, [], settings, settings.GetType());
        return all;
    }

    /// <summary>True where a key is this setting, or an item of it.</summary>
    internal bool IsAt(string key)
    {
        var parts = key.Split(':');
        return parts.Length == _pattern.Length && parts.Zip(_pattern).All(p => p.Second switch
        {
            AnyName => true,
            AnyNumber => int.TryParse(p.First, NumberStyles.None, CultureInfo.InvariantCulture, out _),
            _ => p.First.Equals(p.Second, StringComparison.OrdinalIgnoreCase),
        });
    }

    /// <summary>Its key, with the names that another key has in the places where any name may stand.</summary>
    internal string KeyLike(string key)
    {
        var parts = key.Split(':');
        return string.Join(':', Key.Split(':').Select((p, i) => p == AnyName && i < parts.Length ? parts[i] : p));
    }

    /// <summary>The value, or what was written in its place, as a message shows it: what may hold a password is not shown.</summary>
    internal string Show(object? value) => value is null ? "not set"
        : _property.GetCustomAttribute<PasswordPropertyTextAttribute>() is not null ? "'***'"
        : string.Join(", ", Items(value).Select(i => $"'{i}'"));

    /// <summary>True where a text is of its type.</summary>
    internal bool CanRead(IConfigurationSection section)
    {
        try
        {
            // The framework takes the number of an enumeration's value for its name.
            return _type.IsEnum
                ? Enum.GetNames(_type).Contains(section.Value, StringComparer.OrdinalIgnoreCase)
                : section.Value is null ? TakesNothing : section.Get(_type) is not null || TakesNothing;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The value as it is shown where it breaks a rule; null where it breaks none.</summary>
    internal string? WhatIsWrong()
    {
        if (_owner is null)
            return null;
        var value = _property.GetValue(_owner);
        var context = new ValidationContext(_owner, Key, serviceProvider: null, items: null) { MemberName = _property.Name };
        return Rules.All(r => r.GetValidationResult(value, context) is null) ? null : Show(value);
    }

    private static void Add(List<Setting> all, string[] path, object? owner, Type type)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetCustomAttribute<ObsoleteAttribute>() is null))
        {
            string[] inner = [.. path, property.Name];
            if (property.PropertyType is { IsGenericType: true } map && map.GetGenericTypeDefinition() == typeof(Dictionary<,>))
                AddOne(all, [.. inner, AnyName], owner: null, property, map.GenericTypeArguments[1]);
            else if (IsText(property.PropertyType) ? property.SetMethod is { IsPublic: true } : property.SetMethod is null)
                AddOne(all, inner, owner, property, property.PropertyType);
        }
    }

    private static void AddOne(List<Setting> all, string[] path, object? owner, PropertyInfo property, Type type)
    {
        if (!IsText(type))
            Add(all, path, owner is null ? null : property.GetValue(owner), type);
        else
            all.Add(new Setting(path, owner, property, type));
    }

    // What one line of text can say, or several. Types that parse themselves become known to the framework's binder with it.
    private static bool IsText(Type type)
    {
        var item = type.GetElementType() ?? type;
        item = Nullable.GetUnderlyingType(item) ?? item;
        if (TypeDescriptor.GetConverter(item).CanConvertFrom(typeof(string)))
            return true;
        if (!item.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IParsable<>)))
            return false;
        _ = TypeDescriptor.AddAttributes(item, new TypeConverterAttribute(typeof(ParsableConverter<>).MakeGenericType(item)));
        return true;
    }

    private static string Text(object value) => string.Join(", ", Items(value));

    private static IEnumerable<string?> Items(object value) => value is IEnumerable items and not string
        ? items.Cast<object?>().Select(i => Convert.ToString(i, CultureInfo.InvariantCulture))
        : [value is bool on ? (on ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture)];

    private sealed class ParsableConverter<T> : TypeConverter where T : IParsable<T>
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
            T.Parse((string)value, CultureInfo.InvariantCulture);
    }
}
