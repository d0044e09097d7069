from engine.training.recipes import DEFAULT, NOTEBOOK, RECIPES


def test_recipes_are_found_by_the_names_of_the_command_line():
    assert RECIPES == {"default": DEFAULT, "notebook": NOTEBOOK}
    assert all(recipe.name == name for name, recipe in RECIPES.items())
