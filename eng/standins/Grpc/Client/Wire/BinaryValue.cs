using Grpc.Core;

namespace Grpc.StandIn.Wire;

/// <summary>How the value of a <c>-bin</c> header travels: base64, with or without padding.</summary>
internal static class BinaryValue
{
    public static string Encode(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    /// <summary>Adds the entries of one header line; several binary values may share it, separated by commas.</summary>
    /// <exception cref="RpcException">INTERNAL when a value is not base64.</exception>
    public static void AddTo(Metadata metadata, string key, string line)
    {
        key = key.ToLowerInvariant();
        if (!key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
        {
            metadata.Add(new Metadata.Entry(key, line, null));
            return;
        }

        foreach (var value in line.Split(','))
        {
            metadata.Add(new Metadata.Entry(key, null, Decode(key, value.Trim())));
        }
    }

    /// <summary>The entry's value as it goes into a header.</summary>
    public static string ValueOf(Metadata.Entry entry) => entry.IsBinary ? Encode(entry.RawBytes) : entry.Value;

    private static byte[] Decode(string key, string value)
    {
        try
        {
            return Convert.FromBase64String(value.PadRight((value.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException exception)
        {
            throw Errors.Internal($"The value of the header '{key}' is not base64.", exception);
        }
    }
}
