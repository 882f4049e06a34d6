namespace Minion.Data.Connections;

/// <summary>How a connection's statements are planned.</summary>
internal enum Plans
{
    /// <summary>As PostgreSQL decides.</summary>
    Usual,

    /// <summary>Anew each time, for the values at hand: a plan made while a table was empty would scan it sequentially for ever.</summary>
    AlwaysNew,

    /// <summary>Once, with indexes and nested loops only. For few rows, found by their keys; quadratic for many.</summary>
    KeptByKey,
}
