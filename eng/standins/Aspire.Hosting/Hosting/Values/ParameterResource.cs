using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel
{
    public class ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
        : Resource(name), IResourceWithoutLifetime, IValueProvider, IManifestExpressionProvider
    {
        private readonly Lock _lock = new();
        private string? _value;

        public ParameterDefault? Default { get; set; }

        public bool Secret { get; } = secret;

        public string ValueExpression => $"{{{Name}.value}}";

        /// <exception cref="MissingParameterValueException">It is not configured and has no default.</exception>
        public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
        {
            lock (_lock)
            {
                return ValueTask.FromResult<string?>(_value ??= callback(Default));
            }
        }
    }

    public abstract class ParameterDefault
    {
        public abstract string GetDefaultValue();
    }

    /// <summary>A random text.</summary>
    public sealed class GenerateParameterDefault : ParameterDefault
    {
        private const string Letters = "abcdefghijklmnopqrstuvwxyz";
        private const string Digits = "0123456789";
        private const string SpecialCharacters = "-_.{}~()*+!";

        public int MinLength { get; set; }

        public bool Lower { get; set; } = true;

        public bool Upper { get; set; } = true;

        public bool Numeric { get; set; } = true;

        public bool Special { get; set; } = true;

        public override string GetDefaultValue() => RandomNumberGenerator.GetString(
            $"{(Lower ? Letters : "")}{(Upper ? Letters.ToUpperInvariant() : "")}{(Numeric ? Digits : "")}{(Special ? SpecialCharacters : "")}", MinLength);
    }
}

namespace Aspire.Hosting
{
    public class DistributedApplicationException : Exception
    {
        public DistributedApplicationException(string message)
            : base(message)
        {
        }

        public DistributedApplicationException(string message, Exception inner)
            : base(message, inner)
        {
        }
    }

    public class MissingParameterValueException(string message) : DistributedApplicationException(message);
}
