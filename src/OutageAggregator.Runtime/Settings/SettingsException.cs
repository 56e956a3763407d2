namespace OutageAggregator.Runtime.Settings;

/// <summary>
/// What the operator asked for can't be done; the message is one line that names the key and what is allowed. It stops the start.
/// </summary>
public sealed class SettingsException(string message, Exception? inner = null) : Exception(message, inner);
