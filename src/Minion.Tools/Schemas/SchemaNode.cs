using System.Text.Json;

namespace Minion.Tools.Schemas;

/// <summary>A compiled (sub)schema: <c>true</c>, <c>false</c>, or a list of keywords.</summary>
internal sealed class SchemaNode(SchemaResource resource)
{
    /// <summary>Set once by the compiler, before the node is used.</summary>
    public IReadOnlyList<Keyword> Keywords { get; set; } = [];

    /// <summary>The schema <c>false</c>.</summary>
    public bool RefusesAll { get; set; }

    public bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen)
    {
        if (RefusesAll)
        {
            return evaluation.Fail("false", "is not allowed here");
        }

        if (Keywords.Count == 0)
        {
            return true;
        }

        evaluation.Enter(resource);
        try
        {
            return EvaluateKeywords(instance, evaluation, seen);
        }
        finally
        {
            evaluation.Leave();
        }
    }

    private bool EvaluateKeywords(JsonElement instance, Evaluation evaluation, Evaluated? seen)
    {
        var own = evaluation.Tracks ? new Evaluated() : null;
        var valid = true;
        for (var i = 0; i < Keywords.Count; i++)
        {
            valid &= Keywords[i].Evaluate(instance, evaluation, own);
            if (!valid && evaluation.Errors is null)
            {
                return false;
            }
        }

        if (valid && own is not null)
        {
            seen?.Add(own);
        }

        return valid;
    }
}

/// <summary>One keyword of a schema, ready to judge an instance.</summary>
internal abstract class Keyword
{
    /// <summary>Whether <paramref name="instance"/> satisfies the keyword; reports errors to and remembers what it looked at in <paramref name="seen"/>.</summary>
    public abstract bool Evaluate(JsonElement instance, Evaluation evaluation, Evaluated? seen);
}
