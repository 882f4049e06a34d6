using Grpc.Core;

namespace Minion.Contracts.Faults;

/// <summary>Collects everything that is wrong with a request, so that the caller hears of all of it at once.</summary>
public sealed class Violations
{
    private readonly List<FieldViolation> _fields = [];

    /// <summary>What has been found so far.</summary>
    public IReadOnlyList<FieldViolation> Fields => _fields;

    /// <summary>Notes that <paramref name="field"/> is wrong.</summary>
    public void Add(string field, string message) => _fields.Add(new FieldViolation(field, message));

    /// <summary>Notes that <paramref name="field"/> is wrong unless <paramref name="holds"/>; returns <paramref name="holds"/>.</summary>
    public bool Check(bool holds, string field, string message)
    {
        if (!holds)
        {
            Add(field, message);
        }

        return holds;
    }

    /// <summary>Does nothing when nothing is wrong.</summary>
    /// <exception cref="Fault">INVALID_ARGUMENT with all fields.</exception>
    public void ThrowIfAny()
    {
        if (_fields.Count > 0)
        {
            throw ToFault();
        }
    }

    /// <summary>INVALID_ARGUMENT with all fields.</summary>
    public Fault ToFault() => new(
        StatusCode.InvalidArgument,
        "INVALID_REQUEST",
        string.Join(" ", _fields.Select(f => $"{f.Field}: {f.Message}")),
        "Correct the named fields and send the request again.",
        _fields);
}
