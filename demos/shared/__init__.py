"""What two or more demos need: models, the frame of a tab, pictures, arithmetic."""
