using System.Diagnostics.CodeAnalysis;
using Minion.Orchestration.Agents;

namespace Minion.Orchestration.Messages;

/// <summary>What an address names.</summary>
internal enum AddressKind
{
    Agent,
    Run,
    Session,
    Topic,
}

/// <summary>Where messages go: <c>agent:NAME</c>, <c>run:ID</c>, <c>session:ID</c> or <c>topic:NAME</c>.</summary>
internal readonly record struct Address(AddressKind Kind, string Name)
{
    /// <summary>The mailbox whose messages start runs of an agent; nobody can write to it directly.</summary>
    public const string Starts = "starts:";

    public const string Form = "agent:NAME, run:ID, session:ID or topic:NAME";
    public const string ReceiverForm = "agent:NAME, run:ID or session:ID";
    private const int LongestTopic = 200;

    public Guid Id => Guid.Parse(Name);

    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}:{Name}";

    public static bool TryParse(string text, [NotNullWhen(true)] out Address? address)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? "" : text[(colon + 1)..];
        address = (colon < 0 ? "" : text[..colon]) switch
        {
            "agent" when TextRules.IsName(name) => new Address(AddressKind.Agent, name),
            "run" when Guid.TryParse(name, out var id) => new Address(AddressKind.Run, id.ToString()),
            "session" when Guid.TryParse(name, out var id) => new Address(AddressKind.Session, id.ToString()),
            "topic" when IsTopic(name) => new Address(AddressKind.Topic, name),
            _ => null,
        };
        return address is not null;
    }

    /// <summary>1 to 200 letters, digits, dots, hyphens, underscores and slashes.</summary>
    public static bool IsTopic(string name) => name.Length is >= 1 and <= LongestTopic && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '/');

    public const string TopicForm = "1 to 200 letters, digits, dots, hyphens, underscores and slashes";
}
