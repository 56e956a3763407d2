namespace OutageAggregator.Storage.Tls;

/// <summary>A certificate's file can't be used; the message is one line that names the setting, what is wrong and how to mend it.</summary>
public sealed class CertificateException : Exception
{
    public CertificateException() { }

    public CertificateException(string message) : base(message) { }

    public CertificateException(string message, Exception inner) : base(message, inner) { }
}
