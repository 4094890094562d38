"""Results as tables, which the article and the details share: who took part, what was measured, which harms came."""
