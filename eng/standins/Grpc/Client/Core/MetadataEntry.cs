using System.Buffers;
using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>One header or trailer: text, or bytes when the key ends with <c>-bin</c>.</summary>
    public class Entry
    {
        private static readonly SearchValues<char> LowerCaseKey = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_.");
        private static readonly SearchValues<char> AnyCaseKey =
            SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

        private readonly string? _value;
        private readonly byte[]? _bytes;

        public Entry(string key, byte[] valueBytes)
        {
            ArgumentNullException.ThrowIfNull(valueBytes);
            Key = Normalize(key);
            if (!IsBinary)
            {
                throw new ArgumentException($"The key '{Key}' carries bytes and must end with '{BinaryHeaderSuffix}'.", nameof(key));
            }

            _bytes = valueBytes.AsSpan().ToArray();
        }

        public Entry(string key, string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            Key = Normalize(key);
            if (IsBinary)
            {
                throw new ArgumentException($"The key '{Key}' ends with '{BinaryHeaderSuffix}', so its value must be bytes.", nameof(key));
            }

            _value = value;
        }

        internal Entry(string key, string? value, byte[]? bytes)
        {
            Key = key;
            _value = value;
            _bytes = bytes;
        }

        public string Key { get; }

        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase);

        /// <summary>The text; for a binary entry, reading it throws.</summary>
        public string Value => _value ?? throw new InvalidOperationException("Cannot access string value of a binary metadata entry");

        /// <summary>A copy of the bytes; for text, its ASCII.</summary>
        public byte[] ValueBytes => _bytes is null ? Encoding.ASCII.GetBytes(_value!) : _bytes.AsSpan().ToArray();

        internal ReadOnlySpan<byte> RawBytes => _bytes;

        public override string ToString() =>
            IsBinary ? $"[Entry: key={Key}, valueBytes={Convert.ToHexString(_bytes!)}]" : $"[Entry: key={Key}, value={_value}]";

        internal static string Normalize(string key)
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            if (!key.AsSpan().ContainsAnyExcept(LowerCaseKey))
            {
                return key;
            }

            return key.AsSpan().ContainsAnyExcept(AnyCaseKey)
                ? throw new ArgumentException(
                    $"Metadata entry key not valid. '{key}': keys can only contain lowercase alphanumeric characters, underscores, hyphens and dots.",
                    nameof(key))
                : key.ToLowerInvariant();
        }
    }
}
