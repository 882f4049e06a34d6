using Minion.Testing.Database;

namespace Minion.Orchestration.Tests;

/// <summary>A database with the schema of the orchestration service.</summary>
public sealed class Fixture() : DatabaseFixture(OrchestrationExtensions.Migrations);
