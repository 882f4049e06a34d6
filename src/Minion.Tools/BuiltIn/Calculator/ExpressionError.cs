namespace Minion.Tools.BuiltIn.Calculator;

/// <summary>An expression that has no value: where, and why.</summary>
/// <param name="position">Of the character in question, counted from 1.</param>
/// <param name="message">What is wrong there.</param>
internal sealed class ExpressionError(int position, string message) : Exception(message)
{
    public int Position { get; } = position;
}
